/** A router that is told to end does so while a model is on its way into memory. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

test.each(["SIGTERM", "SIGINT"] as const)("by %s", async (signal) => {
  await using engine = warmOllama(["m", "n"]);
  engine.hold("m");
  const router = await warmRouter({ gpu: { engine, preload: ["m", "n"] } });
  await untilStates(router, "gpu", ["loading", "waiting"]);
  expect(await within(10_000, router.end(signal))).toBe(0);
  await eventually(
    () => engine.calls.map(({ model, isGivenUp }) => [model, isGivenUp]),
    (calls) => Bun.deepEquals(calls, [["m:latest", true]]),
  );
  expect(router.log.text).not.toContain("preloaded");
});
