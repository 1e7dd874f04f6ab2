/** Of every backend that could serve a name the router tells why it is chosen, comes later, or is skipped. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import { canned } from "../support/fake-engine.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { type Candidate, resolved } from "../support/resolved.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE: Behaviour = (talk) => talk.answer(200, '{"model":"m"}');
const HOLDS: Behaviour = () => {};
const FAILS: Behaviour = (talk) => talk.answer(502, "");

/** All have "m", and each a model of its own, by which it is brought into its state. */
const BACKENDS: Readonly<Record<string, readonly [Behaviour, Omit<BackendTable, "url">]>> = {
  best: [FINE, { priority: 200 }],
  plain: [FINE, {}],
  busy: [HOLDS, { weight: 2 }],
  full: [HOLDS, { max_inflight: 1 }],
  open: [FAILS, { failures: 1, pause: "1h", max_pause: "1h" }],
  trying: [FAILS, { failures: 1, pause: "100ms" }],
  resting: [(talk) => talk.answer(429, "", { "retry-after": "59" }), {}],
  drained: [FINE, {}],
  lent: [FINE, {}],
  down: [FINE, {}],
};

const stack = new AsyncDisposableStack();
const engines = new Map<string, RawBackend>();
let router: Mellamo;

beforeAll(async () => {
  const tables: Record<string, BackendTable> = {};
  for (const [name, [behaviour, more]] of Object.entries(BACKENDS)) {
    const engine = stack.use(await rawBackend([name, "m"], behaviour));
    engines.set(name, engine);
    tables[name] = { url: engine.url, engine: "openai", probe_interval: "1h", ...more };
  }
  router = stack.use(await routerOver(tables));
  for (const model of ["open", "trying", "resting"]) await within(SOON_MS, ask(router, "", { model }).answer);
  engines.get("trying")?.behave(HOLDS);
  await eventually(SOON_MS, async () => (await backendNamed("trying", router)).breaker.state === "half-open");
  for (const model of ["busy", "full", "trying"]) {
    const before = engines.get(model)?.talks.length ?? 0;
    ask(router, "", { model });
    await within(SOON_MS, engines.get(model)?.talk(before) ?? Promise.reject(new Error(model)));
  }
  for (const [name, body] of [
    ["drained", ""],
    ["lent", '{"for":"2h"}'],
  ] as const)
    await fetch(`${router.url}/mellamo/backends/${name}/drain`, { method: "POST", body });
  await engines.get("down")?.stop();
  await within(SOON_MS, ask(router, "", { model: "down" }).answer);
  await eventually(SOON_MS, async () => !(await backendNamed("down", router)).up);
});

afterAll(() => stack.disposeAsync());

async function candidateOf(name: string): Promise<Candidate> {
  const { candidates } = await resolved(router, "m");
  const found = candidates.find(({ backend }) => backend === name);
  if (found === undefined) throw new Error(`No candidate is called ${name}`);
  return found;
}

test("one of them is chosen, those that could go next follow it, and those that are skipped come last", async () => {
  const { candidates, problem } = await resolved(router, "m");
  expect(candidates.filter(({ chosen }) => chosen).map(({ backend }) => backend)).toEqual(["best"]);
  expect(candidates.map(({ backend }) => backend).slice(0, 3)).toEqual(["best", "plain", "busy"]);
  expect(candidates.slice(3).every(({ state }) => state !== "ready")).toBe(true);
  expect(candidates.map(({ backend }) => backend).toSorted()).toEqual(Object.keys(BACKENDS).toSorted());
  expect(problem).toBeNull();
});

test.each<[name: string, state: string, reason: string | RegExp, inflight: number]>([
  ["best", "ready", "higher priority (200)", 0],
  ["plain", "ready", "lower priority (100)", 0],
  ["busy", "ready", "lower priority (100)", 1],
  ["full", "full", "full (1 in flight)", 1],
  ["open", "breaker open", /^breaker open for (1 h|\d\d min \d+ s|\d\d min)$/, 0],
  ["trying", "breaker half-open", "breaker half-open, one request is trying", 1],
  ["resting", "resting", /^resting for \d+ s, it said that it is busy$/, 0],
  ["drained", "drained", "drained", 0],
  ["lent", "drained", /^drained for (2 h|1 h 59 min)$/, 0],
  ["down", "down", "connection refused", 0],
])("%s: %s", async (name, state, reason, inflight) => {
  const candidate = await candidateOf(name);
  expect(candidate).toMatchObject({
    state,
    inflight,
    chosen: name === "best",
    model: "m",
    loaded: name !== "down",
  });
  if (typeof reason === "string") expect(candidate.reason).toBe(reason);
  else expect(candidate.reason).toMatch(reason);
});

test("priorities and weights are told", async () => {
  expect((await candidateOf("best")).priority).toBe(200);
  expect(await candidateOf("busy")).toMatchObject({ priority: 100, weight: 2 });
});

test("a path that nobody has among them is told of each", async () => {
  const { candidates, problem } = await resolved(router, "m", "/api/chat");
  for (const { state, reason, chosen } of candidates)
    expect([state, reason, chosen]).toEqual(["does not serve the path", "does not serve /api/chat", false]);
  expect(problem?.status).toBe(501);
});

test.each(["open", "drained", "lent", "down"])(
  "a model that is on %s alone could not be served, with what a request would be told",
  async (model) => {
    const { candidates, problem } = await resolved(router, model);
    expect(candidates.map(({ backend, chosen }) => [backend, chosen])).toEqual([[model, false]]);
    const answer = await within(SOON_MS, ask(router, "", { model }).answer);
    const { error } = (await answer.json()) as { readonly error: { readonly message: string } };
    expect([answer.status, error.message.replace(/\d+ (s|min|h)/g, "N")]).toEqual([
      problem?.status ?? 0,
      problem?.message.replace(/\d+ (s|min|h)/g, "N") ?? "",
    ]);
  },
);

test.each(["full", "trying", "resting"])("a model that is on %s alone would be waited for", async (model) => {
  const { candidates, problem } = await resolved(router, model);
  expect([candidates.map(({ chosen }) => chosen), problem]).toEqual([[false], null]);
});

test("the command shows the same", async () => {
  const { out, status } = await command(["resolve", "m", "--server", `127.0.0.1:${router.port}`]);
  expect(status).toBe(0);
  const rows = out.split("\n").map((row) => row.replace(/ {2,}/g, "  "));
  expect(rows[1]).toBe(
    "->  best  openai  m  ready  higher priority (200)  loaded  0 in flight  priority 200",
  );
  for (const row of [
    /^ {2}busy {2}openai {2}m {2}ready {2}lower priority \(100\) {2}loaded {2}1 in flight {2}priority 100$/,
    /^ {2}full {2}openai {2}m {2}skipped {2}full \(1 in flight\) /,
    /^ {2}open {2}openai {2}m {2}skipped {2}breaker open for /,
    /^ {2}resting {2}openai {2}m {2}skipped {2}resting for /,
    /^ {2}lent {2}openai {2}m {2}skipped {2}drained for /,
    /^ {2}down {2}openai {2}m {2}skipped {2}connection refused /,
  ])
    expect(rows.filter((line) => row.test(line))).toHaveLength(1);
});

describe("among backends that are all ready", () => {
  test("a model in memory, fewer requests in flight, and whose turn it is", async () => {
    await using cold = canned(ollamaLists([tagsRow("m"), tagsRow("n")], []));
    await using hot = canned(ollamaLists([tagsRow("m")], [tagsRow("m")]));
    await using holds = await rawBackend(["m", "n"], HOLDS, "ollama");
    await using three = await routerOver({
      cold: { url: cold.url, engine: "ollama" },
      hot: { url: hot.url, engine: "ollama" },
      holds: { url: holds.url, engine: "ollama" },
    });
    const reasons = async (name: string): Promise<string[]> =>
      (await resolved(three, name)).candidates.map(({ backend, reason }) => `${backend}: ${reason}`);
    expect(await reasons("m")).toEqual(["hot: loaded", "cold: not loaded", "holds: not loaded"]);
    expect(await reasons("n")).toEqual(["cold: as good as any", "holds: as good as any"]);
    await fetch(`${three.url}/mellamo/backends/cold/drain`, { method: "POST" });
    ask(three, "", { model: "n" });
    await within(SOON_MS, holds.talk(0));
    await fetch(`${three.url}/mellamo/backends/cold/resume`, { method: "POST" });
    expect(await reasons("n")).toEqual(["cold: 0 in flight", "holds: 1 in flight"]);
    await (await holds.talk(0)).answer(200, "{}");
    await eventually(SOON_MS, async () => (await backendNamed("holds", three)).inflight === 0);
    expect(await reasons("n")).toEqual(["cold: its turn", "holds: another's turn"]);
  });
});
