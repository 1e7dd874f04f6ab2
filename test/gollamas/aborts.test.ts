/** Clients that leave stop the engine, and leave nothing behind. gollamas: some of their streams are never forgotten. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { startedBy } from "../support/flags.ts";
import { postsOf, toPosts } from "../support/posts.ts";
import { nothingInFlight } from "../support/settled.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const STREAMS = 100;
const TOKEN = '{"model":"m:latest","message":{"role":"assistant","content":"x"},"done":false}\n';

test(`of ${STREAMS} fast streams that clients leave none goes on`, async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url} --alias gpt-4=m`);
  engine.behave(
    toPosts(async (talk) => {
      let isOver = false;
      void talk.closed.then(() => {
        isOver = true;
      });
      await talk.begin(200);
      while (!isOver) {
        await talk.chunk(TOKEN.repeat(10));
        await Bun.sleep(1);
      }
    }),
  );
  const body = '{"model":"gpt-4","messages":[]}';
  for (let round = 0; round < STREAMS / 10; round++) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        using client = await rawClient(router.port);
        client.send(post("/api/chat", body));
        await client.until(/"content":"x"/);
        client.leave();
      }),
    );
  }
  expect(postsOf(engine)).toHaveLength(STREAMS);
  await within(10_000, Promise.all(postsOf(engine).map(({ closed }) => closed)));
  await nothingInFlight(router);
});
