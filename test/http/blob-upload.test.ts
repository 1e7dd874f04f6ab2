/** A blob of any length streams through the router, which never has more than a little of it. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

import { rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { type Upload, type UploadSink, uploadSink } from "../support/upload-sink.ts";

const MIB = 1024 * 1024;
const PIECE = new Uint8Array(MIB);
const DIGEST = `sha256:${"ab".repeat(32)}`;
const PATH = `/api/blobs/${DIGEST}`;
const HEAD = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n`;

/** What a router may take for itself beyond what it had, whatever passes through. */
const SPARE_MIB = 48;

let sink: UploadSink;
let router: Mellamo;
let begin: (upload: Upload) => void = () => {};

beforeAll(async () => {
  sink = await uploadSink((upload) => begin(upload));
  // a blob has no limit but its own
  router = await routerOver({ a: { url: sink.url, engine: "ollama" } }, '[server]\nmax_body = "1MB"\n');
});

afterAll(async () => {
  await Promise.all([router, sink].map((one) => one[Symbol.asyncDispose]()));
});

/** The most memory the router ever had. */
function peakMib(): number {
  const status = readFileSync(`/proc/${router.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

test("the backend gets the first bytes before the client has sent the last", async () => {
  using client = await rawClient(router.port);
  client.send(`${HEAD}Content-Length: 10\r\n\r\n01234`);
  const got = await sink.next();
  const deadline = Date.now() + 5000;
  while (got.received() < 5 && Date.now() < deadline) await Bun.sleep(5);
  expect(got.received()).toBe(5);
  expect(got.head).toMatch(/^content-length: 10\r?$/im);
  expect(got.head).not.toMatch(/^transfer-encoding/im);
  expect(client.received()).toBe("");
  client.send("56789");
  await client.until(/^HTTP\/1\.1 201 /);
});

test("a blob in chunks, as the ollama command sends it, stays in chunks", async () => {
  using client = await rawClient(router.port);
  client.send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n`);
  const got = await sink.next();
  expect(got.head).toMatch(/^transfer-encoding: chunked\r?$/im);
  expect(got.head).not.toMatch(/^content-length/im);
  client.send("0\r\n\r\n");
  await client.until(/^HTTP\/1\.1 201 /);
});

test.skipIf(process.platform !== "linux")("200 MiB take the router no memory", async () => {
  const before = peakMib();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < 200) controller.enqueue(PIECE);
      else controller.close();
    },
  });
  const headers = { "content-length": String(200 * MIB) };
  const answer = await fetch(router.url + PATH, { method: "POST", body, headers });
  expect(answer.status).toBe(201);
  expect((await sink.next()).received()).toBe(200 * MIB);
  expect(peakMib() - before).toBeLessThan(SPARE_MIB);
});

test("a backend that stops reading stops the client", async () => {
  begin = (got) => got.pause();
  const socket = connect(router.port, "127.0.0.1");
  const answered = once(socket, "data");
  socket.write(`${HEAD}Content-Length: ${200 * MIB}\r\n\r\n`);
  let sent = 0;
  const sending = (async () => {
    for (; sent < 200; sent++) if (!socket.write(PIECE)) await once(socket, "drain");
  })();
  const got = await sink.next();
  begin = () => {};
  for (let before = -1; before !== sent;) {
    before = sent;
    await Bun.sleep(200);
  }
  expect(sent).toBeLessThan(SPARE_MIB);
  got.resume();
  await sending;
  expect(String(await answered)).toStartWith("HTTP/1.1 201 ");
  expect(got.received()).toBe(200 * MIB);
  socket.destroy();
});

test.each(["Content-Length: 52428800", "Transfer-Encoding: chunked"])(
  "a blob that exists is answered at once, without being read (%s)",
  async (framing) => {
    begin = (got) => {
      got.pause();
      got.answer("200 OK", "close");
    };
    using client = await rawClient(router.port);
    client.send(`${HEAD}${framing}\r\n\r\n`);
    if (framing.startsWith("Transfer")) client.send(`${MIB.toString(16)}\r\n`);
    client.send(PIECE);
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 [^]*content-length: 0\r\n/i);
    begin = () => {};
    await sink.next();
  },
);

test("a client that sends a blob to its end although it exists gets its answer, and can go on", async () => {
  begin = (got) => {
    got.pause();
    got.answer("200 OK", "close");
  };
  using client = await rawClient(router.port);
  client.send(`${HEAD}Content-Length: ${20 * MIB}\r\n\r\n`);
  for (let piece = 0; piece < 20; piece++) client.send(PIECE);
  await client.until(/^HTTP\/1\.1 200 /);
  begin = () => {};
  await sink.next();
  client.send("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await client.until(/"version":"0\.33\.0"/);
});

test("a client that leaves in the middle frees the backend", async () => {
  const client = await rawClient(router.port);
  client.send(`${HEAD}Content-Length: 100\r\n\r\n0123`);
  const got = await sink.next();
  client.leave();
  await within(2000, got.closed);
});
