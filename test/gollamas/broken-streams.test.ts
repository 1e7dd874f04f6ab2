/** What goes wrong within a stream is seen by the client. gollamas: the stream just ends, as if all had been said. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { startedBy } from "../support/flags.ts";
import { toPosts } from "../support/posts.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const TOKEN = '{"model":"m:latest","message":{"role":"assistant","content":"Hi"},"done":false}\n';
const ERROR = '{"error":"cuda oom"}\n';

test("an error amid a stream comes through, and the token before it", async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url} --alias gpt-4=m`);
  engine.behave(
    toPosts(async (talk) => {
      await talk.begin(200);
      await talk.chunk(TOKEN);
      await talk.chunk(ERROR);
      await talk.chunk("");
    }),
  );
  for (const model of ["m", "gpt-4"]) {
    const answer = await fetch(`${router.url}/api/chat`, {
      method: "POST",
      body: JSON.stringify({ model, messages: [] }),
    });
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { model, message: { role: "assistant", content: "Hi" }, done: false },
      { error: "cuda oom" },
    ]);
  }
});

test("an error amid a stream of events comes through", async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url}`);
  const events = [
    'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
    'data: {"error":{"message":"cuda oom"}}\n\n',
  ];
  engine.behave(
    toPosts(async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      for (const event of [...events, ""]) await talk.chunk(event);
    }),
  );
  const answer = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [], stream: true }),
  });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(await answer.text()).toBe(events.join(""));
});

test("a stream that its engine breaks off is broken for the client, too", async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url}`);
  const { promise: seen, resolve: tell } = Promise.withResolvers<void>();
  engine.behave(
    toPosts(async (talk) => {
      await talk.begin(200);
      await talk.chunk(TOKEN);
      await seen;
      talk.reset();
    }),
  );
  using client = await rawClient(router.port);
  client.send(post("/api/chat", '{"model":"m","messages":[]}'));
  await client.until(/"content":"Hi"/);
  tell();
  await client.ended;
  // a chunked body that is whole ends with an empty chunk
  expect(client.received()).not.toEndWith("0\r\n\r\n");
});
