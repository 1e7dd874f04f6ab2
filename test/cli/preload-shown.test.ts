/** `mellamo ps` and `mellamo status` show what is to be in memory, and what has become of it. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { preloads, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

async function shown(router: Mellamo, ...args: string[]): Promise<string> {
  const { status, out, err } = await command([...args, "--server", `127.0.0.1:${router.port}`]);
  expect([status, err]).toEqual([0, ""]);
  return out;
}

/** The last column of the one backend. */
async function inMemory(router: Mellamo): Promise<string | undefined> {
  const row = (await shown(router, "ps")).trim().split("\n").at(-1) ?? "";
  return / {2,}\d+ {2,}(.*)$/.exec(row)?.[1];
}

/** What status says of the one backend. */
async function lost(router: Mellamo): Promise<readonly string[]> {
  const out = await shown(router, "status");
  return [...out.matchAll(/^ +gpu +not in memory: (.*)$/gm)].map(([, text = ""]) => text);
}

test("while it waits, is loaded, has failed, and is nowhere", async () => {
  await using engine = warmOllama(["a", "bad", "held", "next"]);
  engine.fail("bad", "no room");
  const release = engine.hold("held");
  await using router = await warmRouter({
    gpu: { engine, preload: ["gone", "a", "bad", "held", "next"] },
  });
  await untilStates(router, "gpu", ["missing", "loaded", "failed", "loading", "waiting"]);
  expect(await inMemory(router)).toBe(
    "a:latest, gone (missing: it has no such model), bad (failed: no room), held (loading), next (waiting)",
  );
  expect(await lost(router)).toEqual([
    "gone (it has no such model)",
    "bad (no room)",
    "held (loading)",
    "next (waiting)",
  ]);
  const [row] = JSON.parse(await shown(router, "ps", "--json")) as [{ readonly preload: readonly object[] }];
  expect(row.preload).toEqual([...(await preloads(router, "gpu"))]);
  release();
  await untilStates(router, "gpu", ["missing", "loaded", "failed", "loaded", "loaded"]);
});

test("while a client wants it out, others have its room, and its engine is down", async () => {
  await using engine = warmOllama(["m", "big"], { room: 1 });
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await untilStates(router, "gpu", ["loaded"]);
  expect([await inMemory(router), await lost(router)]).toEqual(["m:latest", []]);
  engine.take("big");
  await untilStates(router, "gpu", ["displaced"]);
  expect([await inMemory(router), await lost(router)]).toEqual([
    "big:latest, m (displaced)",
    ["m (displaced)"],
  ]);
  await say(router, "/api/generate", { model: "m", keep_alive: 0 });
  await untilStates(router, "gpu", ["unloaded"]);
  expect([await inMemory(router), await lost(router)]).toEqual([
    "big:latest, m (unloaded)",
    ["m (unloaded)"],
  ]);
  await engine.stop();
  await untilStates(router, "gpu", ["waiting"]);
  const seen = await eventually(
    () => inMemory(router),
    (text) => text === "m (waiting)",
  );
  expect(seen).toBe("m (waiting)");
});

test("an alias that is to be in memory is shown by its own name until the model is there", async () => {
  await using engine = warmOllama(["m"]);
  const release = engine.hold("m");
  await using router = await warmRouter({ gpu: { engine, preload: ["mine"] } }, '[aliases]\nmine = "m"\n');
  await untilStates(router, "gpu", ["loading"]);
  expect(await inMemory(router)).toBe("mine (loading)");
  release();
  await untilStates(router, "gpu", ["loaded"]);
  expect(await inMemory(router)).toBe("m:latest");
});
