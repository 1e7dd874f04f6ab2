/** When an Ollama lets go of a model is a time by the clock of its machine; what counts is how long that is from now. */

import { expect, test } from "bun:test";

import type { Reply } from "../../src/engines/engine.ts";
import { ollama } from "../../src/engines/ollama.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";

const HOUR_MS = 3_600_000;

/** How long the one model stays, of an Ollama that says so, on a machine whose clock says `date`. */
async function stay(psRow: object, date: string | undefined): Promise<number | undefined> {
  const lists = ollamaLists([tagsRow("m:latest")], [{ ...tagsRow("m:latest"), ...psRow }]);
  const headers = new Headers(date === undefined ? {} : { date });
  const listing = await ollama.list(async (path): Promise<Reply> => {
    const json = lists[path];
    return { status: 200, headers, text: JSON.stringify(json), json };
  });
  return listing?.models[0]?.expiresInMs;
}

function dateOf(ms: number): string {
  return new Date(ms).toUTCString();
}

test.each([0, HOUR_MS, -HOUR_MS, 3000, -3000, 20 * 365 * 24 * HOUR_MS])(
  "a clock that is %i ms ahead",
  async (aheadMs) => {
    const nowMs = Date.now() + aheadMs;
    const stayMs = await stay({ expires_at: new Date(nowMs + 300_000).toISOString() }, dateOf(nowMs));
    // rather too short than too long
    expect(stayMs).toBeWithin(298_000, 300_001);
  },
);

test.each([undefined, "", "yesterday"])(
  "a machine that tells the time as %p is believed to have ours",
  async (date) => {
    const stayMs = await stay({ expires_at: new Date(Date.now() + 300_000).toISOString() }, date);
    expect(stayMs).toBeWithin(295_000, 300_001);
  },
);

test.each([
  ["nanoseconds and a zone", "2030-01-01T01:00:10.123456789+01:00", 10_123 - 999],
  ["nanoseconds", "2030-01-01T00:00:10.123456789Z", 10_123 - 999],
  ["a time that is over", "2029-12-31T23:00:00Z", 0],
  ["no time", "", Infinity],
  ["something else", "soon", Infinity],
  ["a number", 17, Infinity],
])("%s", async (_, at, expected) => {
  expect(await stay({ expires_at: at }, dateOf(Date.parse("2030-01-01T00:00:00Z")))).toBe(expected);
});

test("for ever is far away", async () => {
  // as it is told after keep_alive -1
  const stayMs = await stay({ expires_at: "2319-03-03T04:22:44.651021177Z" }, dateOf(Date.now()));
  expect(stayMs).toBeGreaterThan(200 * 365 * 24 * HOUR_MS);
});

test("a model that is not in memory has no time to leave", async () => {
  const lists = ollamaLists([tagsRow("m:latest")]);
  const listing = await ollama.list(async (path) => {
    const json = lists[path];
    return { status: 200, headers: new Headers(), text: JSON.stringify(json), json };
  });
  expect(listing?.models[0]).toMatchObject({
    loaded: false,
    fixed: false,
    loading: false,
    expiresInMs: Infinity,
  });
});
