/** What an engine had said before it died reaches the client: no answer begins and breaks off without a word. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";

// a busy machine takes its time for so many requests
setDefaultTimeout(60_000);

const REQUESTS = 300;
const AT_A_TIME = 30;
const LATE_MS = 20_000;

const PIECE = 'data: {"model":"m","said":"first"}\n\n';

// how soon after its words it dies decides what the router sees at once
test.each([0, 1, 3])("an engine that dies %d ms after its first words", async (afterMs) => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk(PIECE);
    if (afterMs > 0) await Bun.sleep(afterMs);
    talk.end();
  });
  await using router = await mellamo(
    `[health]\nfailures = 1000000\n[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
  const cut: string[] = [];
  let left = REQUESTS;
  const askInTurn = async (): Promise<void> => {
    while (left-- > 0) {
      using client = await rawClient(router.port);
      client.send(post("/v1/chat/completions", '{"model":"m","stream":true}', ["Connection: close"]));
      await within(LATE_MS, client.ended);
      const received = client.received();
      // one that died before the router had any of it is a 502, which is an answer
      if (!received.includes(PIECE) && !received.startsWith("HTTP/1.1 502 ")) cut.push(received);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, askInTurn));
  expect(cut).toEqual([]);
});
