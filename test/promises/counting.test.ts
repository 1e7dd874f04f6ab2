/** Every request is counted out exactly once, however it ends: what is in flight returns to nothing. */

import { expect, test } from "bun:test";

import { rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { mellamo } from "../support/mellamo.ts";
import { forSeedsInTurn, type Random } from "../support/random.ts";
import { inflight } from "../support/status.ts";

const REQUESTS = 400;
const AT_ONCE = 20;

test("after a storm of streams that end, break, stall and are left", async () => {
  await forSeedsInTurn(1, storm);
}, 30_000);

async function storm(random: Random): Promise<void> {
  const upTo = (ms: number) => Bun.sleep(random.next() * ms);

  async function answer(talk: Talk): Promise<void> {
    const fate = random.next();
    if (fate < 0.1) return talk.reset();
    if (fate < 0.2) return; // says nothing at all
    if (fate < 0.3) return talk.answer(200, '{"model":"m"}');
    await upTo(3);
    await talk.begin(200, {
      "content-type": random.chance(0.5) ? "text/event-stream" : "application/x-ndjson",
    });
    for (let left = random.below(8); left > 0; left--) {
      await talk.chunk('data: {"model":"m"}\n\n');
      await upTo(2);
    }
    if (fate < 0.4) return talk.reset();
    if (fate < 0.9) await talk.chunk("");
  }

  await using backend = await rawBackend(["m"], answer);
  await using router = await mellamo(
    `[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n[[backend]]\nname = "same"\nurl = "${backend.url}"\nengine = "openai"\n`,
  );

  async function visit(): Promise<void> {
    const client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
    await Promise.race([client.ended, upTo(15)]);
    if (random.chance(0.5)) client.pause();
    client.leave();
    await client.ended;
  }

  let left = REQUESTS;
  const visitors = Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await visit();
  });
  await Promise.all(visitors);
  const deadline = Date.now() + 5000;
  while ((await inflight(router)) > 0 && Date.now() < deadline) await Bun.sleep(20);
  expect(await inflight(router)).toBe(0);
}
