/** An engine that answers before it has read a large body is not sent the rest, and keeps no connection. */

import { expect, test } from "bun:test";

import { rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";
import { uploadSink } from "../support/upload-sink.ts";

const MIB = 1024 * 1024;
const LARGE = "x".repeat(24 * MIB);

const CALLS: [what: string, head: string, body: string][] = [
  ["a question", "POST /api/chat", JSON.stringify({ model: "m", messages: LARGE })],
  ["a blob", `POST /api/blobs/sha256:${"ab".repeat(32)}`, LARGE],
];

test.each(CALLS)("%s", async (_, head, body) => {
  await using sink = await uploadSink((upload) => {
    upload.pause();
    upload.answer("401 Unauthorized");
  });
  await using router = await mellamo(`[[backend]]\nurl = "${sink.url}"\nengine = "ollama"\n`);
  using client = await rawClient(router.port);
  client.send(`${head} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  expect(await client.until(/\r\n\r\n/)).toStartWith("HTTP/1.1 401 ");
  const upload = await sink.next();
  // a connection that is not read is seen to be closed once it is read
  upload.resume();
  await within(5000, upload.closed);
  expect(upload.received()).toBeLessThan(body.length);
});
