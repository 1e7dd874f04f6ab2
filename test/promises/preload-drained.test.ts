/** A backend that its owner wants for something else is not bothered with loads. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { looksPass, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const RARELY = '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\n';

async function tell(router: Mellamo, deed: "drain" | "resume", body = ""): Promise<void> {
  const response = await fetch(`${router.url}/mellamo/backends/gpu/${deed}`, { method: "POST", body });
  expect(response.status).toBe(200);
}

test("a load that goes on is given up, and begun anew once it is back", async () => {
  await using engine = warmOllama(["m", "n"]);
  const release = engine.hold("m");
  await using router = await warmRouter({ gpu: { engine, preload: ["m", "n"] } });
  await untilStates(router, "gpu", ["loading", "waiting"]);
  await tell(router, "drain");
  await eventually(
    () => engine.calls[0]?.isGivenUp,
    (isGivenUp) => isGivenUp === true,
  );
  await looksPass(engine);
  await untilStates(router, "gpu", ["waiting", "waiting"]);
  release();
  expect(engine.calls).toHaveLength(1);
  expect(router.log.text).not.toContain("not preloaded");
  await tell(router, "resume");
  await untilStates(router, "gpu", ["loaded", "loaded"]);
});

test("a drain that is resumed at once does not wait for the next look", async () => {
  await using engine = warmOllama(["m"]);
  const release = engine.hold("m");
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } }, "", RARELY);
  await untilStates(router, "gpu", ["loading"]);
  await tell(router, "drain");
  await tell(router, "resume");
  release();
  await untilStates(router, "gpu", ["loaded"]);
});

test("what leaves meanwhile leaves, is not said to be there, and is loaded when the backend is back", async () => {
  await using engine = warmOllama(["m"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["m"], more: 'keep_alive = "2s"' } });
  await untilStates(router, "gpu", ["loaded"]);
  await tell(router, "drain");
  await untilStates(router, "gpu", ["waiting"]);
  expect([engine.calls.length, engine.expired]).toEqual([1, ["m:latest"]]);
  await tell(router, "resume");
  await untilStates(router, "gpu", ["loaded"]);
});

test("one that is drained from the start loads nothing, also when its engine comes back", async () => {
  await using engine = warmOllama(["m"]);
  await engine.stop();
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await tell(router, "drain", '{"for":"1h"}');
  engine.start();
  await router.log.until(/event="backend up"/);
  await looksPass(engine);
  expect([engine.calls, await untilStates(router, "gpu", ["waiting"])]).toEqual([[], ["waiting"]]);
});

test("it is loaded when its time is over", async () => {
  await using engine = warmOllama(["m"]);
  await engine.stop();
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await tell(router, "drain", '{"for":"400ms"}');
  engine.start();
  await untilStates(router, "gpu", ["loaded"]);
  expect(router.log.text).toMatch(/backend resumed[^]*event=preloaded/);
});
