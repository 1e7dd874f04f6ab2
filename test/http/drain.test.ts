/** Drains and resumes are asked for by HTTP: what is answered, and what is refused. */

import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { type Said, say } from "../support/say.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

let engine: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  engine = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  const named = { url: engine.url, engine: "openai" };
  router = await routerOver({ one: named, "10.0.0.1:80": named, down: { url: NOBODY } });
});

afterEach(async () => {
  for (const name of ["one", "10.0.0.1:80", "down"]) await tell(name, "resume");
});

afterAll(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

function tell(name: string, deed: string, body = "", headers: readonly string[] = []): Promise<Said> {
  return say(router.port, `POST /mellamo/backends/${name}/${deed}`, headers, body);
}

/** Status, and body as JSON. */
function jsonOf({ status, headers, body }: Said): [number, unknown] {
  expect(headers.get("content-type")).toBe("application/json");
  return [status, JSON.parse(body)];
}

test("without a body it is drained until it is resumed", async () => {
  const drained = { backend: "one", drained: true, until: null, inflight: 0 };
  expect(jsonOf(await tell("one", "drain"))).toEqual([200, drained]);
  expect((await backendNamed("one", router)).drained).toEqual({ until: null });
  expect(jsonOf(await tell("one", "resume"))).toEqual([200, { ...drained, drained: false }]);
  expect((await backendNamed("one", router)).drained).toBeNull();
});

test.each([
  ['{"for":"2h"}', 7_200_000],
  ['{"for":"1h30m"}', 5_400_000],
  ['{"for":"0.5d"}', 43_200_000],
  ['{"for":"24d"}', 24 * 86_400_000],
])("%s says for how long, and the answer says until when", async (body, ms) => {
  const before = Date.now();
  const [status, told] = jsonOf(await tell("one", "drain", body));
  const { until } = told as { readonly until: string };
  expect(status).toBe(200);
  expect(until).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  // the clocks of timers and of days may differ by a little
  expect(Date.parse(until)).toBeWithin(before + ms - 5000, Date.now() + ms + 5000);
  const state = (await backendNamed("one", router)).drained;
  expect(Math.abs(Date.parse(state?.until ?? "") - Date.parse(until))).toBeLessThan(5000);
});

test.each(["{}", '{"for":null}'])("%s says nothing of a time", async (body) => {
  expect(jsonOf(await tell("one", "drain", body))[1]).toMatchObject({ drained: true, until: null });
});

/** What a duration has to be. */
const FOR_WORDS = '"for" must be a duration such as "30m", "2h" or "1h30m", at most "24d"';

describe.each([
  "",
  "2",
  "two hours",
  "-2h",
  "0s",
  "0h",
  "25d",
  "1e9h",
  "2H",
  " 2h",
  "2h ",
  "∞",
  "99999999999999999999h",
])("a duration of %p", (duration) => {
  test("is refused, and nothing changes", async () => {
    const said = await tell("one", "drain", JSON.stringify({ for: duration }));
    expect(jsonOf(said)).toEqual([400, { error: `${FOR_WORDS}, got ${JSON.stringify(duration)}` }]);
    expect((await backendNamed("one", router)).drained).toBeNull();
  });
});

test.each(['{"for":7200}', '{"for":true}', '{"for":["2h"]}', '{"for":{"h":2}}'])(
  "%s is no text",
  async (body) => {
    expect(jsonOf(await tell("one", "drain", body))).toEqual([400, { error: FOR_WORDS }]);
    expect((await backendNamed("one", router)).drained).toBeNull();
  },
);

test.each([
  "{",
  "for=2h",
  '"2h"',
  "[]",
  '{"for":"2h"',
  "\u0000",
  "2h",
  '{"fro":"2h"}',
  '{"for":"2h"} '.repeat(2),
])("a body that is no JSON object is refused: %p", async (body) => {
  const [status, told] = jsonOf(await tell("one", "drain", body));
  expect([status, typeof (told as { error: unknown }).error]).toEqual([400, "string"]);
  expect((await backendNamed("one", router)).drained).toBeNull();
});

test("a body that is far too long is refused", async () => {
  const [status, told] = jsonOf(await tell("one", "drain", JSON.stringify({ pad: "x".repeat(100_000) })));
  expect([status, told]).toEqual([413, { error: "request body is larger than 64KiB" }]);
  expect((await backendNamed("one", router)).drained).toBeNull();
});

test.each(["drain", "resume"])("a backend that is not there cannot be told to %s", async (deed) => {
  const near = 'no backend is called "ona", did you mean "one"?';
  expect(jsonOf(await tell("ona", deed))).toEqual([404, { error: near }]);
  expect(jsonOf(await tell("nothing-like-it", deed))).toEqual([
    404,
    { error: 'no backend is called "nothing-like-it"' },
  ]);
  // names of backends are their owner's, and no models' names
  expect(jsonOf(await tell("ONE", deed))[0]).toBe(404);
  expect(jsonOf(await tell("a%2Fb%20%C3%BC", deed))).toEqual([
    404,
    { error: 'no backend is called "a/b ü"' },
  ]);
});

test.each(["GET", "PUT", "DELETE", "PATCH"])("%s is no way to do either", async (method) => {
  for (const deed of ["drain", "resume"]) {
    const { status, headers } = await say(router.port, `${method} /mellamo/backends/one/${deed}`);
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  }
  expect((await backendNamed("one", router)).drained).toBeNull();
});

test.each(["/mellamo/backends/one", "/mellamo/backends/one/pause", "/mellamo/backends/drain"])(
  "there is no %s",
  async (path) => {
    expect((await say(router.port, `POST ${path}`)).status).toBe(404);
  },
);

test("a name that is a host and port works as it is, and encoded", async () => {
  expect(jsonOf(await tell("10.0.0.1:80", "drain"))[1]).toMatchObject({ drained: true });
  expect(jsonOf(await tell("10.0.0.1%3A80", "resume"))[1]).toMatchObject({ drained: false });
});

test("one that is down can be drained before it comes back", async () => {
  expect(jsonOf(await tell("down", "drain"))).toEqual([
    200,
    { backend: "down", drained: true, until: null, inflight: 0 },
  ]);
});

test("one that is not drained is as well resumed", async () => {
  expect(jsonOf(await tell("one", "resume"))[1]).toMatchObject({ drained: false, until: null });
});

test("the last word holds, in either direction", async () => {
  await tell("one", "drain", '{"for":"100ms"}');
  await tell("one", "drain");
  await tell("10.0.0.1:80", "drain", '{"for":"100ms"}');
  // by now the first one's first time is over as well
  await eventually(SOON_MS, async () => (await backendNamed("10.0.0.1:80", router)).drained === null);
  expect((await backendNamed("one", router)).drained).toEqual({ until: null });
  await tell("one", "drain", '{"for":"100ms"}');
  await eventually(SOON_MS, async () => (await backendNamed("one", router)).drained === null);
});

test("what is in flight is told", async () => {
  engine.behave(() => {});
  const first = engine.talks.length;
  const { answer } = ask(router);
  const talk = await within(SOON_MS, engine.talk(first));
  const counts = [
    jsonOf(await tell("one", "drain"))[1] as { inflight: number },
    jsonOf(await tell("10.0.0.1:80", "drain"))[1] as { inflight: number },
  ].map(({ inflight }) => inflight);
  expect(counts.toSorted()).toEqual([0, 1]);
  await talk.answer(200, "{}");
  await within(SOON_MS, answer);
});

test("pages of other sites cannot do it", async () => {
  const said = await tell("one", "drain", "", ["Origin: https://evil.example"]);
  expect(said.status).toBe(403);
  expect((await backendNamed("one", router)).drained).toBeNull();
});
