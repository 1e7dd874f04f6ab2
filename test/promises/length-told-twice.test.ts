/** A client that tells the length of its body twice, both times alike, is served like any other, within the same limits. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { rawClient } from "../support/client.ts";
import { mellamo } from "../support/mellamo.ts";
import { backends } from "../support/status.ts";

const MIB = 1024 * 1024;

/** A request with all of its body. */
function twice(path: string, body: string): string {
  const length = `content-length: ${body.length}\r\n`;
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${length}${length}connection: close\r\n\r\n${body}`;
}

test("a blob is taken, and no engine is blamed", async () => {
  await using engine = await rawBackend(["m"], (talk) => talk.answer(201, ""), "ollama");
  await using router = await mellamo(`[[backend]]\nurl = "${engine.url}"\nengine = "ollama"\n`);
  for (let count = 0; count < 3; count++) {
    using client = await rawClient(router.port);
    client.send(twice(`/api/blobs/sha256:${"a".repeat(64)}`, "0123456789"));
    expect(await client.until(/\r\n\r\n/)).toStartWith("HTTP/1.1 201 ");
  }
  const [{ headers, body } = {}] = engine.talks;
  expect([headers?.get("content-length"), body?.toString()]).toEqual(["10", "0123456789"]);
  expect((await backends(router)).map(({ breaker }) => breaker.state)).toEqual(["closed"]);
});

test("a body beyond the limit is refused", async () => {
  await using engine = await rawBackend(["m"], (talk) => talk.answer(200, `{"model":"m"}`), "ollama");
  await using router = await mellamo(
    `[server]\nmax_body = "1MiB"\n[[backend]]\nurl = "${engine.url}"\nengine = "ollama"\n`,
  );
  using client = await rawClient(router.port);
  client.send(twice("/api/chat", JSON.stringify({ model: "m", messages: "x".repeat(2 * MIB) })));
  expect(await client.until(/larger than/)).toStartWith("HTTP/1.1 413 ");
  expect(engine.talks).toEqual([]);
});

test("a body within it reaches the engine whole", async () => {
  await using engine = await rawBackend(["m"], (talk) => talk.answer(200, `{"model":"m"}`), "ollama");
  await using router = await mellamo(`[[backend]]\nurl = "${engine.url}"\nengine = "ollama"\n`);
  using client = await rawClient(router.port);
  const body = JSON.stringify({ model: "m", messages: "x".repeat(3 * MIB) });
  client.send(twice("/api/chat", body));
  expect(await client.until(/\r\n\r\n/)).toStartWith("HTTP/1.1 200 ");
  expect(engine.talks[0]?.body.toString() === body).toBe(true);
});

test("who announces a large body and sends little of it takes little memory", async () => {
  await using engine = await rawBackend(["m"], () => {}, "ollama");
  await using router = await mellamo(`[[backend]]\nurl = "${engine.url}"\nengine = "ollama"\n`);
  const before = await addressSpaceMib(router.pid);
  const clients = await Promise.all(Array.from({ length: 50 }, () => rawClient(router.port)));
  for (const client of clients)
    client.send(
      `POST /api/chat HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${200 * MIB}\r\n\r\n{"model":`,
    );
  // one that came after them was read after them
  using last = await rawClient(router.port);
  last.send(twice("/api/show", "{}"));
  await last.until(/\r\n\r\n/);
  expect((await addressSpaceMib(router.pid)) - before).toBeLessThan(1000);
  for (const client of clients) client.leave();
});

/** All that it has reserved, in MiB, whether it was ever written to or not. */
async function addressSpaceMib(pid: number): Promise<number> {
  const shown = await new Response(Bun.spawn(["ps", "-o", "vsz=", "-p", String(pid)]).stdout).text();
  return Math.round(Number(shown) / 1024);
}
