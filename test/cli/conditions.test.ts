/** `mellamo ps` and `mellamo status` tell of each backend whether it is used, and what keeps requests from it. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, SOON_MS } from "../support/asking.ts";
import { type Behaviour, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { type BackendTable, NOBODY, routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const BACKENDS: Readonly<Record<string, readonly [Behaviour, Omit<BackendTable, "url">]>> = {
  well: [() => {}, {}],
  full: [() => {}, { max_inflight: 1 }],
  open: [(talk) => talk.answer(502, ""), { failures: 1, pause: "1h", max_pause: "1h" }],
  over: [(talk) => talk.answer(502, ""), { failures: 1, pause: "10ms" }],
  resting: [(talk) => talk.answer(429, "", { "retry-after": "59" }), {}],
};

const stack = new AsyncDisposableStack();
let router: Mellamo;

beforeAll(async () => {
  const tables: Record<string, BackendTable> = { gone: { url: NOBODY } };
  for (const [name, [behaviour, more]] of Object.entries(BACKENDS)) {
    const { url } = stack.use(await rawBackend([name], behaviour));
    tables[name] = { url, engine: "openai", ...more };
  }
  router = stack.use(await routerOver(tables));
  for (const model of ["open", "over", "resting"]) await within(SOON_MS, ask(router, "", { model }).answer);
  for (const model of ["well", "well", "full"]) ask(router, "", { model });
  await eventually(SOON_MS, async () => (await backendNamed("full", router)).inflight === 1);
  await eventually(SOON_MS, async () => (await backendNamed("well", router)).inflight === 2);
  await eventually(SOON_MS, async () => (await backendNamed("over", router)).breaker.state === "half-open");
  await askAndWait(router, "", { model: "full" });
});

afterAll(() => stack.disposeAsync());

const TIME = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d`;

const CONDITIONS: readonly (readonly [name: string, condition: string, inflight: string])[] = [
  ["well", "up", "2"],
  ["full", "up", "1 of 1"],
  ["open", `breaker open until ${TIME}`, "0"],
  ["over", "breaker half-open", "0"],
  ["resting", `resting until ${TIME}`, "0"],
  ["gone", "down: connection refused", "0"],
];

async function linesOf(name: string): Promise<string[]> {
  const { out, status } = await command([name, "--server", `127.0.0.1:${router.port}`]);
  expect(status).toBe(0);
  return out.split("\n").map((line) => line.trim().replace(/ {2,}/g, "  "));
}

test("ps", async () => {
  const lines = await linesOf("ps");
  for (const [name, condition, inflight] of CONDITIONS) {
    const row = new RegExp(`^${name}  \\S+  http://\\S+  ${condition}  ${inflight}(  |$)`);
    expect(lines.filter((line) => row.test(line))).toHaveLength(1);
  }
});

test("status, of those that are not just up, and how many requests there are", async () => {
  const lines = await linesOf("status");
  for (const [name, condition] of CONDITIONS) {
    const row = new RegExp(`^${name}  ${condition}$`);
    expect(lines.filter((line) => row.test(line))).toHaveLength(condition === "up" ? 0 : 1);
  }
  expect(lines).toContain("requests  3 in flight, 1 waiting");
});

test("resolve, with those who wait", async () => {
  const { out } = await command(["resolve", "full", "--server", `127.0.0.1:${router.port}`]);
  expect(out).toEndWith("\nWaiting for one of them: 1\n");
});
