/** An engine that dies in the middle of its answer leaves the client with a broken stream, never with a clean end. */

import { expect, test } from "bun:test";

import { rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { mellamo } from "../support/mellamo.ts";
import { inflight } from "../support/status.ts";

const LINE = '{"model":"m","message":{"role":"assistant","content":"a"},"done":false}\n';
const EVENT = `data: ${LINE}\n`;

/** Ways to begin an answer that promise more than comes, and what of it has to arrive. */
const BEGINNINGS: [name: string, path: string, begin: (talk: Talk) => Promise<void>, arrives: RegExp][] = [
  [
    "JSON lines in chunks",
    "/api/chat",
    async (talk) => {
      await talk.begin(200, { "content-type": "application/x-ndjson" });
      await talk.chunk(LINE);
    },
    /"content":"a"/,
  ],
  [
    "events in chunks",
    "/v1/chat/completions",
    async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      await talk.chunk(EVENT);
    },
    /data: .*"content":"a"/,
  ],
  [
    "half a record",
    "/v1/chat/completions",
    async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      await talk.chunk(EVENT + EVENT.slice(0, 20));
    },
    /data: .*\n\ndata: /,
  ],
  [
    "a long body of a promised length",
    "/v1/embeddings",
    (talk) =>
      talk.send(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000000\r\n\r\n{"model":"m","data":[1,2`,
      ),
    /"data":\[1,2/,
  ],
  [
    "a body of another type",
    "/v1/audio/speech",
    (talk) =>
      talk.send(
        "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 9000000\r\n\r\nID3 and some sound",
      ),
    /some sound/,
  ],
];

const DEATHS = ["reset", "end"] as const;

for (const [name, path, begin, arrives] of BEGINNINGS) {
  test.each(DEATHS)(`${name}, by a %s`, async (death) => {
    await using backend = await rawBackend(["m"], begin, path.startsWith("/api") ? "ollama" : "openai");
    const engine = path.startsWith("/api") ? "ollama" : "openai";
    await using router = await mellamo(
      `[[backend]]\nurl = "${backend.url}"\nengine = "${engine}"\n[aliases]\nx = "m"\n`,
    );
    using client = await rawClient(router.port);
    client.send(post(path, '{"model":"x","messages":[]}'));
    await client.until(arrives);
    (await backend.talk(0))[death]();
    const how = await client.ended;
    expect(how).toBe("reset");
    // the end of a chunked body, had it been a whole one
    expect(client.received().endsWith("0\r\n\r\n")).toBe(false);
    expect(await inflight(router)).toBe(0);
  });
}

test("whoever reads the stream to its end gets an error", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk(EVENT);
  });
  await using router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`);
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  const text = answer.text();
  (await backend.talk(0)).reset();
  expect(text).rejects.toThrow();
});

test("a short answer that breaks off is no answer: 502 in the dialect, and nothing of it", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.send(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"secret":1',
    );
    talk.reset();
  });
  await using router = await mellamo(`[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`);
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error: {
      message: "no backend could be reached: b: connection closed without an answer",
      type: "api_error",
      param: null,
      code: null,
    },
  });
});
