/** Hundreds of open streams block neither a list nor one more stream: Bun's limit of 256 outgoing requests is lifted. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";
import { inflight } from "../support/status.ts";

const STREAMS = 300;

test("300 streams are open at once, lists and looks at backends go on", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
  });
  await using router = await mellamo(
    `[health]\nprobe_interval = "200ms"\n[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
  const clients: RawClient[] = [];
  for (let index = 0; index < STREAMS; index++) {
    const client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
    clients.push(client);
  }
  await within(10_000, Promise.all(clients.map((client) => client.until(/data: /))));
  expect(await inflight(router)).toBe(STREAMS);
  await within(1000, fetch(`${router.url}/api/tags`));

  // a look at the backend is a request of its own
  backend.list(["m", "another"]);
  const deadline = Date.now() + 5000;
  let names = "";
  while (!names.includes("another") && Date.now() < deadline) {
    await Bun.sleep(50);
    names = await (await fetch(`${router.url}/v1/models`)).text();
  }
  expect(names).toContain("another");

  for (const client of clients) client.leave();
  const freed = Date.now() + 5000;
  while ((await inflight(router)) > 0 && Date.now() < freed) await Bun.sleep(20);
  expect(await inflight(router)).toBe(0);
}, 30_000);
