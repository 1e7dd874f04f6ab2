/** A request moves on to the next backend as long as that can help, and the client hears the best there is. */

import { afterEach, beforeEach, expect, test } from "bun:test";

import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { inflight } from "../support/status.ts";

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;

const FINE: Behaviour = (talk) => talk.answer(200, '{"by":"second"}');

beforeEach(async () => {
  first = await rawBackend(["m", "alone"], () => {});
  second = await rawBackend(["m"], FINE);
  router = await routerOver({
    first: { url: first.url, engine: "openai", priority: 200 },
    second: { url: second.url, engine: "openai" },
  });
});

afterEach(async () => {
  expect(await inflight(router)).toBe(0);
  await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
});

function ask(model = "m"): Promise<Response> {
  return within(
    5000,
    fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify({ model }) }),
  );
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  const body = JSON.stringify({ error: { message: `status ${status}` } });
  return (talk) => talk.answer(status, body, { "content-type": "application/json", ...headers });
}

test.each([429, 502, 503, 504])("where one says %p, the next is asked", async (status) => {
  first.behave(refusal(status, { "retry-after": "7" }));
  const answer = await ask();
  expect([answer.status, await answer.text()]).toEqual([200, '{"by":"second"}']);
  expect(answer.headers.has("retry-after")).toBe(false);
});

test.each([400, 401, 403, 404, 408, 409, 413, 422, 500, 501])(
  "where one says %p, that is the answer",
  async (status) => {
    const asked = second.talks.length;
    first.behave(refusal(status));
    const answer = await ask();
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: { message: `status ${status}` } },
    ]);
    expect(second.talks.length).toBe(asked);
  },
);

test("where all refuse, the best one's words are the answer, with its Retry-After", async () => {
  first.behave(refusal(429, { "retry-after": "7" }));
  second.behave(refusal(503, { "retry-after": "99" }));
  const answer = await ask();
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
    429,
    "7",
    { error: { message: "status 429" } },
  ]);
});

test.each([429, 503])("where the only one says %p, that is the answer", async (status) => {
  first.behave(refusal(status, { "retry-after": "3" }));
  const answer = await ask("alone");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, "3"]);
});

test("a refusal that goes on and on is cut off for the next one's answer", async () => {
  first.behave(async (talk) => {
    await talk.begin(503);
    await talk.chunk("wait");
  });
  const count = first.talks.length;
  expect(await (await ask()).text()).toBe('{"by":"second"}');
  await within(2000, (await first.talk(count)).closed);
});

test.each<[string, Behaviour]>([
  ["closes without an answer", (talk) => talk.end()],
  ["resets the connection", (talk) => talk.reset()],
  [
    "breaks off a short answer",
    async (talk) => {
      await talk.send('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"by":"first"');
      talk.end();
    },
  ],
  ["says what is not HTTP", (talk) => talk.send("220 mail.example ESMTP\r\n\r\n")],
])("one that %s is tried once more on a new connection, then the next is asked", async (_, behaviour) => {
  const asked = first.talks.length;
  first.behave(behaviour);
  const answer = await ask();
  expect([answer.status, await answer.text()]).toEqual([200, '{"by":"second"}']);
  expect(first.talks.length).toBe(asked + 2);
});

test("an engine that closes a connection just as it is used is asked again, and nobody notices", async () => {
  let times = 0;
  first.behave((talk) => (times++ === 0 ? talk.reset() : talk.answer(200, '{"by":"first"}')));
  const answer = await ask("alone");
  expect([answer.status, await answer.text(), times]).toEqual([200, '{"by":"first"}', 2]);
});

test("an engine's refusal is told rather than another's silence", async () => {
  first.behave((talk) => talk.reset());
  second.behave(refusal(503, { "retry-after": "2" }));
  const answer = await ask();
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
});

test("where nobody can be reached, each one's trouble is told, and clients are not to repeat it", async () => {
  first.behave((talk) => talk.reset());
  second.behave((talk) => talk.send("SSH-2.0-OpenSSH_9.9\r\n\r\n"));
  const answer = await ask();
  expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([502, "false"]);
  expect(await answer.json()).toMatchObject({
    error: {
      message:
        "no backend could be reached: first: connection closed without an answer; second: the answer is not HTTP",
    },
  });
});

test("one that is down is passed over, is known to be so at once, and is back when it is", async () => {
  const asked = second.talks.length;
  await first.stop();
  expect(await (await ask()).text()).toBe('{"by":"second"}');
  await router.log.until(/event="backend down" backend=first .*connection refused/);
  expect(await (await ask()).text()).toBe('{"by":"second"}');
  expect(second.talks.length).toBe(asked + 2);
  const gone = await ask("alone");
  expect([gone.status, gone.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await gone.json()).toMatchObject({
    error: { message: 'no backend that has "alone" is up (first: connection refused)' },
  });
  await first.start();
  first.behave((talk) => talk.answer(200, '{"by":"first"}'));
  expect(await (await ask("alone")).text()).toBe('{"by":"first"}');
});
