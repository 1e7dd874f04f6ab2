/** The connections to a backend that the configuration has no more end within two minutes, but for those in use. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";
import { change, table, teller, whoAnswers } from "../support/reloading.ts";

const MINUTES_MS = 130_000;

test.concurrent(
  "a connection that nobody uses",
  async () => {
    await using gone = await teller("gone");
    await using stays = await teller("stays", ["other"]);
    await using router = await mellamo(table("gone", gone) + table("stays", stays));
    expect(await whoAnswers(router, "m")).toBe("gone");
    await change(router, table("stays", stays));
    await within(MINUTES_MS, (await gone.talk(0)).closed);
    expect(await whoAnswers(router, "other")).toBe("stays");
  },
  MINUTES_MS * 2,
);

test.concurrent(
  "a connection that carries a stream, once that has ended",
  async () => {
    await using gone = await rawBackend(["m"], async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      await talk.chunk('data: {"model":"m"}\n\n');
    });
    await using stays = await teller("stays");
    await using router = await mellamo(table("gone", gone) + table("stays", stays, "priority = 1"));
    using client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
    await client.until(/data: /);
    await change(router, table("stays", stays));
    const talk = await gone.talk(0);
    // longer than connections that nobody uses are kept
    for (let second = 0; second < 100; second++) {
      await Bun.sleep(1000);
      await talk.chunk('data: {"model":"m"}\n\n');
    }
    await talk.chunk("");
    await client.until(/\r\n0\r\n\r\n$/);
    expect(client.received().match(/data: /g)).toHaveLength(101);
    await within(MINUTES_MS, talk.closed);
  },
  MINUTES_MS * 3,
);
