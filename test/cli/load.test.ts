/** `mellamo load NAME` and `mellamo unload NAME` bring a model into memory, and out of it. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { command, type Mellamo, type Result } from "../support/mellamo.ts";
import { type WarmOllama, warmOllama } from "../support/warm-ollama.ts";
import { preloads, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

let gpu: WarmOllama;
let attic: WarmOllama;
let router: Mellamo;

beforeEach(async () => {
  gpu = warmOllama(["m", "kept"]);
  attic = warmOllama(["m", "attic-only"]);
  router = await warmRouter(
    {
      gpu: { engine: gpu, preload: ["kept"], more: "priority = 200" },
      attic: { engine: attic, preload: [] },
    },
    '[models]\nm = { options = { num_ctx = 2048 } }\n[aliases]\nmine = { targets = ["m"], keep_alive = "1h" }\n',
    // what the commands do shows without any further look
    '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\n',
  );
  await untilStates(router, "gpu", ["loaded"]);
});

afterEach(async () => {
  await Promise.all([router, gpu, attic].map((each) => each[Symbol.asyncDispose]()));
});

function mellamo(...args: string[]): Promise<Result> {
  return command([...args, "--server", `127.0.0.1:${router.port}`]);
}

test("load goes where a request would, with what requests get", async () => {
  const { status, out, err } = await mellamo("load", "mine");
  expect([status, err]).toEqual([0, ""]);
  expect(out).toMatch(/^gpu: m:latest loaded in \d+\.\d s\n$/);
  expect(gpu.calls.at(-1)?.body).toMatchObject({ options: { num_ctx: 2048 }, keep_alive: 3600 });
  expect([gpu.memory(), attic.calls.length]).toEqual([["kept:latest", "m:latest"], 0]);
  expect((await mellamo("ps")).out).toMatch(/^gpu .* m:latest, kept:latest$/m);
});

test("unload goes wherever it is in memory", async () => {
  await mellamo("load", "m", "--backend", "gpu", "--backend=attic");
  expect([gpu.memory().length, attic.memory().length]).toEqual([2, 1]);
  const { status, out, err } = await mellamo("unload", "mine");
  expect([status, err]).toEqual([0, ""]);
  expect(out.split("\n").toSorted().join("\n")).toMatch(
    /^\nattic: m:latest unloaded in .* s\ngpu: m:latest unloaded in .* s$/,
  );
  expect([gpu.memory(), attic.memory()]).toEqual([["kept:latest"], []]);
  expect(await mellamo("unload", "mine")).toEqual({ status: 0, out: "mine is not in memory\n", err: "" });
});

test("--backend says where, as often as it is given", async () => {
  const { status, out } = await mellamo("load", "m", "--backend", "attic", "--backend", "attic");
  expect([status, out.trim().split("\n").length, attic.calls.length]).toEqual([0, 1, 1]);
  expect(gpu.memory()).toEqual(["kept:latest"]);
  await mellamo("load", "m", "--backend", "gpu");
  await mellamo("unload", "m", "--backend", "attic");
  expect([gpu.memory().length, attic.memory()]).toEqual([2, []]);
});

test("what is to be kept stays out after an unload, until it is loaded: the state says so at once", async () => {
  await mellamo("unload", "kept");
  expect((await preloads(router, "gpu"))[0]?.state).toBe("unloaded");
  expect((await mellamo("ps")).out).toMatch(/^gpu .* kept \(unloaded\)$/m);
  expect((await mellamo("status")).out).toMatch(/^ +gpu +not in memory: kept \(unloaded\)$/m);
  await mellamo("load", "kept");
  expect((await preloads(router, "gpu"))[0]?.state).toBe("loaded");
  expect((await mellamo("status")).out).not.toContain("not in memory");
});

const REFUSED: readonly (readonly [args: readonly string[], err: string])[] = [
  [["load", "m", "--backend", "gpx"], 'no backend is called "gpx", did you mean "gpu"?'],
  [["unload", "m", "--backend", "gpx"], 'no backend is called "gpx", did you mean "gpu"?'],
  [["load", "attic-only", "--backend", "gpu"], 'gpu has no "attic-only"'],
  [["unload", "attic-only", "--backend", "gpu"], 'gpu has no "attic-only"'],
];

test.each(REFUSED)("%p is refused: 1, and one line", async (args, err) => {
  expect(await mellamo(...args)).toEqual({ status: 1, out: "", err: `${err}\n` });
});

test.each(["load", "unload"])("%s of a model that nobody has: 1, and one line", async (deed) => {
  const { status, out, err } = await mellamo(deed, "nobody");
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^[^\n]*nobody[^\n]*\n$/);
});

test("where one of two fails, it is told what became of each", async () => {
  attic.fail("m", "out of memory");
  const { status, out, err } = await mellamo("load", "m", "--backend", "gpu", "--backend", "attic");
  expect([status, err]).toEqual([1, "attic: out of memory\n"]);
  expect(out).toMatch(/^gpu: m:latest loaded in/);
});

test("where an engine is gone, it is told why", async () => {
  await attic.stop();
  const { status, err } = await mellamo("load", "m", "--backend", "attic");
  expect([status, err]).toEqual([1, "attic: connection refused\n"]);
  // by now it is known
  const again = await mellamo("unload", "m", "--backend", "attic");
  expect([again.status, again.err]).toEqual([1, "attic: connection refused\n"]);
});

test.each([
  [["load"]],
  [["unload"]],
  [["load", "m", "kept"]],
  [["load", "m", "--backend"]],
  [["unload", "m", "--for", "2h"]],
])("%p is not understood: 2", async (args) => {
  const { status, out, err } = await mellamo(...args);
  expect([status, out]).toEqual([2, ""]);
  expect(err).not.toBe("");
  expect(gpu.calls).toHaveLength(1);
});

test.each(["load", "unload"])("where no router runs, %s says so", async (deed) => {
  const { status, out, err } = await command([deed, "m", "--server", "127.0.0.1:9"]);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^Cannot reach mellamo at http:\/\/127.0.0.1:9: connection refused[^\n]*\n$/);
});
