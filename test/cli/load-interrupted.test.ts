/** Ctrl-C during `mellamo load` ends the command, and the load. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import { cleanEnv, PROGRAM } from "../support/mellamo.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { preloads, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** The engine is told within a second. */
const TOLD_MS = 1000;

test.each(["SIGINT", "SIGTERM"] as const)("by %s: 130, and nothing is said", async (signal) => {
  await using engine = warmOllama(["m", "kept"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["kept"] } });
  await untilStates(router, "gpu", ["loaded"]);
  engine.hold("m");
  const child = Bun.spawn([...PROGRAM, "load", "m", "--server", `127.0.0.1:${router.port}`], {
    env: cleanEnv(),
    stdout: "pipe",
    stderr: "pipe",
  });
  await eventually(
    () => engine.calls.length,
    (calls) => calls === 2,
  );
  child.kill(signal);
  const status = await within(10_000, child.exited);
  await eventually(
    () => engine.calls[1]?.isGivenUp,
    (isGivenUp) => isGivenUp === true,
    TOLD_MS,
  );
  expect([status, await child.stdout.text(), await child.stderr.text()]).toEqual([130, "", ""]);
  expect((await preloads(router, "gpu"))[0]?.state).toBe("loaded");
});
