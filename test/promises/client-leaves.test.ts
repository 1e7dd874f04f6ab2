/** A client that leaves frees the backend at once, whatever the request was waiting for. */

import { expect, test } from "bun:test";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { deafPort } from "../support/deaf-port.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { inflight } from "../support/status.ts";

/** How long the backend may go on working for nobody. */
const DEADLINE_MS = 2000;

const CHAT = post("/v1/chat/completions", '{"model":"m","messages":[],"stream":true}');

function configFor(backend: Pick<RawBackend, "url">): string {
  return `[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`;
}

async function expectFreed(talk: Talk, router: Mellamo): Promise<void> {
  await within(DEADLINE_MS, talk.closed);
  await expectNothingInFlight(router);
}

async function expectNothingInFlight(router: Mellamo): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while ((await inflight(router)) !== 0) {
    if (Date.now() > deadline) throw new Error("Requests are still counted");
    await Bun.sleep(10);
  }
}

test.each(["destroyed", "half-closed"])("before the first byte, by a connection that is %s", async (how) => {
  await using backend = await rawBackend(["m"], () => {});
  await using router = await mellamo(configFor(backend));
  const client = await rawClient(router.port);
  client.send(CHAT);
  const talk = await backend.talk(0);
  expect(await inflight(router)).toBe(1);
  if (how === "destroyed") client.leave();
  else client.finish();
  await expectFreed(talk, router);
});

test("in the middle of a stream", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
  });
  await using router = await mellamo(configFor(backend));
  const client = await rawClient(router.port);
  client.send(CHAT);
  await client.until(/data: /);
  client.leave();
  await expectFreed(await backend.talk(0), router);
});

test("in the middle of a stream that it does not read", async () => {
  const piece = `data: {"model":"m","pad":"${"x".repeat(60_000)}"}\n\n`;
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    let open = true;
    void talk.closed.then(() => {
      open = false;
    });
    while (open) {
      await Promise.race([talk.chunk(piece), talk.closed]);
      // what is sent into a full socket fails at once: the event of its end needs a turn, too
      await new Promise(setImmediate);
    }
  });
  await using router = await mellamo(configFor(backend));
  const client = await rawClient(router.port);
  client.send(CHAT);
  await client.until(/data: /);
  client.pause();
  client.leave();
  await expectFreed(await backend.talk(0), router);
});

test("while a short answer is only half there", async () => {
  await using backend = await rawBackend(["m"], (talk) =>
    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf"),
  );
  await using router = await mellamo(configFor(backend));
  const client = await rawClient(router.port);
  client.send(CHAT);
  const talk = await backend.talk(0);
  client.leave();
  await expectFreed(talk, router);
});

test("while the router is still connecting", async () => {
  await using deaf = await deafPort();
  // the models are known from before the port went deaf
  await using router = await mellamo(configFor({ url: deaf.url }));
  await deaf.goDeaf();
  const client = await rawClient(router.port);
  client.send(CHAT);
  const deadline = Date.now() + DEADLINE_MS;
  while ((await inflight(router)) !== 1 && Date.now() < deadline) await Bun.sleep(10);
  expect(await inflight(router)).toBe(1);
  client.leave();
  await expectNothingInFlight(router);
});

test("no backend is blamed for a client that left", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using router = await mellamo(configFor(backend));
  for (let index = 0; index < 20; index++) {
    const client = await rawClient(router.port);
    client.send(CHAT);
    const talk = await backend.talk(index);
    client.leave();
    await within(DEADLINE_MS, talk.closed);
  }
  backend.behave((talk) => talk.answer(200, '{"model":"m"}'));
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.status).toBe(200);
});
