/** `mellamo resolve NAME` shows where a name leads, and which backend would get it now. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { command, type Result } from "../support/mellamo.ts";
import { smallFleet } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test("a name is shown with its way, its targets and its candidates, best first", async () => {
  await using fleet = await smallFleet();
  const resolve = (...args: string[]): Promise<Result> =>
    command(["resolve", ...args, "--server", fleet.address]);

  const alias = await resolve("gpt-4o");
  expect(alias).toMatchObject({ status: 0, err: "" });
  expect(alias.out.split("\n").map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    "gpt-4o is the alias gpt-* -> my-llama for llama3:8b, org/Llama-3 on cellar",
    "->  attic  ollama  llama3:8b  ready  higher priority (100)  0 in flight  priority 100",
    "  cellar  openai  org/Llama-3  ready  lower priority (50)  loaded  0 in flight  priority 50",
    "",
  ]);

  const model = await resolve("BOTH:latest");
  expect(model.out).toStartWith("BOTH:latest is a model\n->  attic ");
  expect(model.status).toBe(0);

  const single = await resolve("LLAMA3:8b");
  expect(single).toMatchObject({ status: 0, err: "" });
  expect(single.out).toMatch(/^LLAMA3:8b is a model\n-> {2}attic {2}ollama {2}llama3:8b .+\n$/);
});

test("--json has the same for programs", async () => {
  await using fleet = await smallFleet();
  const { status, out, err } = await command(["resolve", "--json", "gpt-4o", "--server", fleet.address]);
  expect(JSON.parse(out)).toEqual({
    model: "gpt-4o",
    alias: "gpt-*",
    via: ["gpt-*", "my-llama"],
    targets: [{ model: "llama3:8b" }, { model: "org/Llama-3", backend: "cellar" }],
    candidates: [
      {
        backend: "attic",
        engine: "ollama",
        model: "llama3:8b",
        state: "ready",
        reason: "higher priority (100)",
        loaded: false,
        inflight: 0,
        priority: 100,
        weight: 1,
        chosen: true,
        parameters: null,
        unmet: {},
      },
      {
        backend: "cellar",
        engine: "openai",
        model: "org/Llama-3",
        state: "ready",
        reason: "lower priority (50)",
        loaded: true,
        inflight: 0,
        priority: 50,
        weight: 1,
        chosen: false,
        parameters: null,
        unmet: {},
      },
    ],
    waiting: 0,
    problem: null,
  });
  expect([err, status]).toEqual(["", 0]);
});

test("a name that leads nowhere is told on stderr, and the status is 1", async () => {
  await using fleet = await smallFleet();
  const resolve = (...args: string[]): Promise<Result> =>
    command(["resolve", ...args, "--server", fleet.address]);

  expect(await resolve("lama3:8b")).toEqual({
    status: 1,
    out: "",
    err: `model 'lama3:8b' not found; did you mean "llama3:8b"?\n`,
  });
  expect(await resolve("pinned")).toEqual({
    status: 1,
    out: "",
    err: 'no backend that has "pinned" is up (shed: connection refused)\n',
  });

  const json = await resolve("--json", "nonsense");
  expect(JSON.parse(json.out)).toMatchObject({
    model: "nonsense",
    alias: null,
    candidates: [],
    problem: { status: 404, message: "model 'nonsense' not found" },
  });
  expect(json).toMatchObject({ status: 1, err: "model 'nonsense' not found\n" });
});

test.each(["--odd", "a&path=/x", "ü/é 日本#?", "100%"])("any name can be asked for: %s", async (name) => {
  await using fleet = await smallFleet();
  const { err, status } = await command(["resolve", "--server", fleet.address, "--", name]);
  expect([err, status]).toEqual([`model '${name}' not found\n`, 1]);
});
