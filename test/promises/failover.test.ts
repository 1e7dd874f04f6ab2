/** As long as the client has got nothing, another backend may still answer; it does, and nobody notices. */

import { expect, test } from "bun:test";

import { type Behaviour, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { deafPort } from "../support/deaf-port.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { inflight } from "../support/status.ts";

const good: Behaviour = (talk) => talk.answer(200, '{"model":"m","by":"good"}');

/** Two backends with the same model; the first is asked first. */
function configFor(first: string, second: string): string {
  return `[health]\nprobe_interval = "1h"\n[[backend]]\nname = "first"\nurl = "${first}"\nengine = "openai"\npriority = 200\n[[backend]]\nname = "second"\nurl = "${second}"\nengine = "openai"\n`;
}

async function chat(router: Mellamo): Promise<Response> {
  return fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
}

const FAILURES: [name: string, behaviour: Behaviour][] = [
  ["closes without a word", (talk) => talk.end()],
  ["resets", (talk) => talk.reset()],
  [
    "breaks off in its headers",
    async (talk) => talk.send("HTTP/1.1 200 OK\r\ncontent-ty").then(() => talk.end()),
  ],
  ["does not speak HTTP", async (talk) => talk.send("SSH-2.0-OpenSSH\r\n\r\n").then(() => talk.end())],
  ["answers with a status that is none", (talk) => talk.answer(999, "{}")],
  [
    "breaks off a short answer",
    async (talk) => talk.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{").then(() => talk.reset()),
  ],
  ["is busy", (talk) => talk.answer(503, '{"error":"server busy"}')],
  ["has too many requests", (talk) => talk.answer(429, '{"error":"slow down"}', { "retry-after": "7" })],
  ["has no gateway", (talk) => talk.answer(502, "")],
  ["waits in vain itself", (talk) => talk.answer(504, "")],
];

test.each(FAILURES)("when the first %s, the second answers", async (_, behaviour) => {
  await using first = await rawBackend(["m"], behaviour);
  await using second = await rawBackend(["m"], good);
  await using router = await mellamo(configFor(first.url, second.url));
  const answer = await chat(router);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ model: "m", by: "good" });
  expect(await inflight(router)).toBe(0);
});

test.each(FAILURES)("when the only one %s, the client is told in its dialect", async (_, behaviour) => {
  await using first = await rawBackend(["m"], behaviour);
  await using router = await mellamo(
    `[[backend]]\nname = "first"\nurl = "${first.url}"\nengine = "openai"\n`,
  );
  const answer = await chat(router);
  const text = await answer.text();
  const own = /slow down|server busy/.exec(text);
  if (own === null && answer.status === 502)
    expect(text === "" || text.includes('"error":{"message":"no backend could be reached: first: ')).toBe(
      true,
    );
  expect([429, 502, 503, 504]).toContain(answer.status);
  expect(await inflight(router)).toBe(0);
});

test("an engine's own refusal beats ours, with its headers", async () => {
  await using first = await rawBackend(["m"], (talk) =>
    talk.answer(429, '{"error":"slow down"}', { "retry-after": "7" }),
  );
  await using second = await rawBackend(["m"], (talk) => talk.reset());
  await using router = await mellamo(configFor(first.url, second.url));
  const answer = await chat(router);
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("7");
  expect(await answer.text()).toBe('{"error":"slow down"}');
});

test.each([400, 401, 403, 404, 409, 422, 500, 501])(
  "a %d is the answer, and no other backend is asked",
  async (status) => {
    await using first = await rawBackend(["m"], (talk) =>
      talk.answer(status, '{"error":{"message":"mine"}}'),
    );
    await using second = await rawBackend(["m"], good);
    await using router = await mellamo(configFor(first.url, second.url));
    const answer = await chat(router);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('{"error":{"message":"mine"}}');
    expect(second.talks.length).toBe(0);
  },
);

test("a backend that was switched off is passed over at once, and one that is back is used again", async () => {
  await using first = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m","by":"first"}'));
  await using second = await rawBackend(["m"], good);
  await using router = await mellamo(configFor(first.url, second.url));
  await first.stop();
  expect(await (await chat(router)).json()).toEqual({ model: "m", by: "good" });
  await router.log.until(/event="backend down" backend=first/);
  await first.start();
  await second.stop();
  // the second is known to be up still: its failure makes the router look at the first again
  const deadline = Date.now() + 5000;
  let by = "";
  while (by !== "first" && Date.now() < deadline) {
    const answer = await chat(router);
    ({ by } = answer.ok ? ((await answer.json()) as { by: string }) : { by: "" });
  }
  expect(by).toBe("first");
});

test("all switched off: 503 with Retry-After, and why", async () => {
  await using first = await rawBackend(["m"], good);
  await using router = await mellamo(
    `[health]\nprobe_interval = "50ms"\n[[backend]]\nname = "first"\nurl = "${first.url}"\nengine = "openai"\n`,
  );
  await first.stop();
  await router.log.until(/event="backend down"/);
  const answer = await chat(router);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({
    error: { message: 'no backend that has "m" is up (first: connection refused)' },
  });
});

test("a stale connection from the pool is no failure: the request is sent once more on a new one", async () => {
  let answered = 0;
  await using only = await rawBackend(["m"], async (talk) => {
    answered++;
    // every second request finds its connection closed the instant it is used
    if (answered % 2 === 0) talk.reset();
    else await talk.answer(200, '{"model":"m"}');
  });
  await using router = await mellamo(`[[backend]]\nurl = "${only.url}"\nengine = "openai"\n`);
  for (let index = 0; index < 4; index++) expect((await chat(router)).status).toBe(200);
});

test("nothing is sent twice that must not be", async () => {
  await using only = await rawBackend(["m:latest"], (talk) => talk.reset(), "ollama");
  await using router = await mellamo(`[[backend]]\nname = "b"\nurl = "${only.url}"\nengine = "ollama"\n`);
  const answer = await fetch(`${router.url}/api/pull`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error: "no backend could be reached: b: connection closed without an answer",
  });
  expect(only.talks.length).toBe(1);
});

test("a machine without power delays no one once it is known to be", async () => {
  await using deaf = await deafPort();
  await using second = await rawBackend(["m"], good);
  const config = configFor(deaf.url, second.url).replace('"1h"', '"100ms"\nprobe_timeout = "300ms"');
  await using router = await mellamo(config);
  await deaf.goDeaf();
  await router.log.until(/event="backend down" backend=first/);
  expect((await within(1000, chat(router))).status).toBe(200);
});
