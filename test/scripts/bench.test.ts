/** The benchmark times nothing that it has not found right, and says what it lacks. */

import { expect, test } from "bun:test";
import { join } from "node:path";

import { type Verdict, verdictsOf } from "../../scripts/bench/budgets.ts";
import { startEngine } from "../../scripts/bench/engine.ts";
import { figureOf, quantile } from "../../scripts/bench/figures.ts";
import { listen } from "../../scripts/bench/listener.ts";
import { optionsOf } from "../../scripts/bench/options.ts";
import { bodyOf, isRight, validate } from "../../scripts/bench/question.ts";

const PROGRAM = join(import.meta.dir, "..", "..", "scripts", "bench.ts");

const TINY = { model: "tiny", answered: "tiny" };

async function run(...args: string[]): Promise<{ status: number; err: string }> {
  const child = Bun.spawn([process.execPath, PROGRAM, ...args], {
    env: { PATH: "/nonexistent" },
    stdout: "ignore",
    stderr: "pipe",
  });
  const [err, status] = await Promise.all([child.stderr.text(), child.exited]);
  return { status, err };
}

test.skipIf(process.platform !== "linux")(
  "programs that it needs are named with the command that installs them",
  async () => {
    const { status, err } = await run();
    expect(status).toBe(2);
    expect(err).toMatch(/^(nginx and wrk are|wrk is) missing: sudo apt-get install (nginx )?wrk\n$/);
  },
);

test.each([
  [["--only", "request"], 'no part is called "request"'],
  [["--rounds", "0"], "--rounds 0: expected a whole number"],
  [["--against", "localhost"], "--against localhost: expected a URL"],
  [["--round", "3"], "Unknown option '--round'"],
])("%p is a mistake", async (args, text) => {
  const { status, err } = await run(...args);
  expect(status).toBe(2);
  expect(err).toStartWith(text);
  expect(err).toContain("Usage: bun run bench");
});

test("another proxy finds the engine at a port that is known", () => {
  expect(optionsOf(["--against", "http://127.0.0.1:4000/v1"], [])).toMatchObject({
    against: { url: "http://127.0.0.1:4000", model: "tiny" },
    port: 18080,
  });
});

test("the engine answers short and long, up and down, and in streams", async () => {
  const engine = startEngine(0);
  try {
    await validate({ url: engine.url, ...TINY }, [
      {},
      { bytes: 300_000 },
      { answerBytes: 3_000_000 },
      { chunks: 5, everyMs: 1 },
    ]);
    const stream = await listen(engine.url, "tiny", { chunks: 20, everyMs: 1 });
    const delays = await stream.ended;
    expect(delays).toHaveLength(20);
    expect(Math.min(...delays)).toBeGreaterThan(0);
  } finally {
    engine.stop();
  }
});

test("who does not rename, or does not echo, is found out", async () => {
  const engine = startEngine(0);
  try {
    expect(await isRight({ url: engine.url, model: "gpt-4o", answered: "gpt-4o" })).toBe(false);
    expect(await isRight({ url: engine.url, model: "tiny", answered: "gpt-4o" })).toBe(false);
    expect(validate({ url: engine.url, model: "tiny", answered: "gpt-4o" }, [{}])).rejects.toThrow(
      "answers {}",
    );
  } finally {
    engine.stop();
  }
});

test.each([100, 4096, 262_144])("a question of %d bytes is that long", (bytes) => {
  const { length } = bodyOf("tiny", { bytes });
  expect(length).toBe(Math.max(bytes, bodyOf("tiny", {}).length));
});

test("a figure is a median with its range", () => {
  expect(figureOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(figureOf([4, 1])).toEqual({ median: 2.5, least: 1, most: 4 });
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
});

test("a budget holds or is broken, and one of what was not measured is not said to hold", () => {
  const figures = (rate: number) => ({
    "rate, 32 connections": { nginx: figureOf([100]), mellamo: figureOf([rate]) },
  });
  const holds = (rate: number): Verdict | undefined => verdictsOf("requests", figures(rate))[0];
  expect(holds(60)).toMatchObject({ value: 0.6, holds: true });
  expect(holds(59)).toMatchObject({ value: 0.59, holds: false });
  expect(verdictsOf("requests", {}).some((verdict) => verdict.holds)).toBe(false);
});
