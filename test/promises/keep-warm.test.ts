/** What is to be in memory is asked for again before its engine lets go of it, whatever the clock of its machine says. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import { warmOllama, type WarmOptions } from "../support/warm-ollama.ts";
import { HEALTH, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(60_000);

/** It is asked for again a second before; on a machine whose clock is wrong, which is known to the second alone, two. */
const STAY = "4s";
const LONGER = "8s";
const LATE_MS = 25_000;

const RARELY = '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\n';
const HOUR_MS = 3_600_000;

const CASES: readonly (readonly [string, string, WarmOptions, string])[] = [
  ["looked at all the time", `keep_alive = "${STAY}"`, {}, HEALTH],
  ["hardly ever looked at", `keep_alive = "${STAY}"`, {}, RARELY],
  ["whose own stay it is", "", { stayMs: 4000 }, RARELY],
  ["an hour ahead", `keep_alive = "${LONGER}"`, { aheadMs: HOUR_MS }, HEALTH],
  ["an hour behind", `keep_alive = "${LONGER}"`, { aheadMs: -HOUR_MS }, RARELY],
];

test.concurrent.each(CASES)("a model never leaves an engine %s", async (_, more, options, health) => {
  await using engine = warmOllama(["m"], options);
  await using router = await warmRouter({ gpu: { engine, preload: ["m"], more } }, "", health);
  await eventually(
    () => engine.calls.length,
    (calls) => calls >= 3,
    LATE_MS,
  );
  expect([engine.expired, engine.memory()]).toEqual([[], ["m:latest"]]);
  const [first, ...others] = engine.calls.map(({ body }) => body);
  for (const other of others) expect(other).toEqual(first ?? {});
  // it is news once
  expect(router.log.text.match(/event=preloaded/g)).toHaveLength(1);
});

test.concurrent("nor does one that a client asks for with a shorter stay", async () => {
  await using engine = warmOllama(["m"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["m"], more: 'keep_alive = "1h"' } });
  await untilStates(router, "gpu", ["loaded"]);
  await say(router, "/api/generate", { model: "m", prompt: "?", keep_alive: STAY });
  await eventually(
    () => engine.calls.at(-1)?.body["keep_alive"],
    (stay) => stay === 3600,
  );
  expect([engine.expired, engine.calls.length]).toEqual([[], 3]);
});

test.concurrent("one that stays for ever is asked for once", async () => {
  await using engine = warmOllama(["m", "n"]);
  await using router = await warmRouter(
    { gpu: { engine, preload: ["m", "n"] } },
    '[models]\nm = { keep_alive = -1 }\nn = { keep_alive = "4s" }\n',
  );
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  await eventually(
    () => engine.calls.length,
    (calls) => calls === 4,
    LATE_MS,
  );
  expect(engine.calls.map(({ model }) => model)).toEqual(["m:latest", "n:latest", "n:latest", "n:latest"]);
  expect(engine.expired).toEqual([]);
});

test.concurrent("it is asked for again while another is loaded", async () => {
  await using engine = warmOllama(["m", "slow"]);
  const release = engine.hold("slow");
  await using router = await warmRouter({
    gpu: { engine, preload: ["m", "slow"], more: `keep_alive = "${STAY}"` },
  });
  await untilStates(router, "gpu", ["loaded", "loading"]);
  await eventually(
    () => engine.calls.filter(({ model }) => model === "m:latest").length,
    (calls) => calls >= 3,
    LATE_MS,
  );
  expect(engine.expired).toEqual([]);
  release();
  await untilStates(router, "gpu", ["loaded", "loaded"]);
});
