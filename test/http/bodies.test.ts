/** Whatever shape a client gives its body, the name in it is found and all else goes upstream as it came. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { rawClient } from "../support/client.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(
    ["tiny:latest"],
    (talk) => talk.answer(200, '{"model":"tiny:latest"}'),
    "ollama",
  );
  router = await routerOver({ a: { url: backend.url, engine: "ollama" } }, '[aliases]\nfast = "tiny"\n');
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

/** What the backend got. */
async function arrived(path: string, body: string, headers: readonly string[] = []): Promise<Talk> {
  const { status } = await say(router.port, `POST ${path}`, headers, body);
  expect(status).toBe(200);
  const talk = backend.talks.at(-1);
  if (talk === undefined) throw new Error("Nothing arrived");
  return talk;
}

test.each<[string[]]>([
  [["Content-Type: application/json"]],
  [["Content-Type: application/x-www-form-urlencoded"]],
  [["Content-Type: text/plain;charset=UTF-8"]],
  [["Content-Type: multipart/form-data"]],
  [[]],
])("JSON that is sent with %j is JSON, and the backend is told so", async (headers) => {
  const talk = await arrived("/api/chat", '{"model":"fast"}', headers);
  expect(talk.body.toString()).toBe('{"model":"tiny:latest"}');
  expect(talk.headers.get("content-type")).toBe("application/json");
});

test.each([
  ['{"model":"fast"}', '{"model":"tiny:latest"}'],
  ['{"name":"fast"}', '{"name":"tiny:latest"}'],
  ['{"model":"","name":"fast"}', '{"model":"tiny:latest","name":"tiny:latest"}'],
  ['{"model":"fast","name":""}', '{"model":"tiny:latest","name":"tiny:latest"}'],
  ['{"name":"nosuch","model":"fast"}', '{"name":"tiny:latest","model":"tiny:latest"}'],
  ['{"Model":"fast"}', '{"Model":"tiny:latest"}'],
  ['{"MODEL":"fast","model":null}', '{"MODEL":"tiny:latest","model":"tiny:latest"}'],
  ['{"model":"nosuch","model":"fast"}', '{"model":"tiny:latest","model":"tiny:latest"}'],
  ['{"model":"fast","MODEL":""}', '{"model":"tiny:latest","MODEL":"tiny:latest"}'],
  ['{"mod\\u0065l":"f\\u0061st"}', '{"mod\\u0065l":"tiny:latest"}'],
  ['{"model":" fast "}', '{"model":"tiny:latest"}'],
  [
    ' \n{ "x" : 1.0 , "model"\t: "FAST:latest" } trailing',
    ' \n{ "x" : 1.0 , "model"\t: "tiny:latest" } trailing',
  ],
  [
    '{"options":{"model":"fast"},"model":"fast","n":18446744073709551615,"n":1e400}',
    '{"options":{"model":"fast"},"model":"tiny:latest","n":18446744073709551615,"n":1e400}',
  ],
])("on Ollama's paths %j goes upstream as %j", async (sent, got) => {
  for (const path of ["/api/chat", "/api/generate", "/api/embed", "/api/show"]) {
    expect((await arrived(path, sent)).body.toString()).toBe(got);
  }
});

test("on other paths only model holds the name, and a name is left as it came", async () => {
  const talk = await arrived("/v1/chat/completions", '{"model":"fast","name":"fast"}');
  expect(talk.body.toString()).toBe('{"model":"tiny:latest","name":"fast"}');
});

test("on other paths a name alone names no model", async () => {
  const said = await say(router.port, "POST /v1/chat/completions", [], '{"name":"fast"}');
  expect(said.status).toBe(400);
  expect(JSON.parse(said.body)).toMatchObject({ error: { message: "model is required" } });
});

test.each(['{"model":"a\\u0000b"}', '{"model":"a\\nb"}', '{"model":"\\u0085"}'])(
  "a name with control characters is invalid: %s",
  async (body) => {
    const said = await say(router.port, "POST /api/chat", [], body);
    expect([said.status, said.body]).toEqual([400, '{"error":"invalid model name"}']);
  },
);

test("a body that is JSON but no object is refused by its type", async () => {
  const said = await say(router.port, "POST /v1/chat/completions", [], '["fast"]');
  expect(JSON.parse(said.body)).toMatchObject({
    error: { message: "json: cannot unmarshal array into Go value of type openai.ChatCompletionRequest" },
  });
});

test("a body in chunks arrives whole, with its length", async () => {
  using client = await rawClient(router.port);
  client.send("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const piece of ['{"mo', 'del":"fa', 'st","x":"é', '"}']) {
    client.send(`${Buffer.byteLength(piece).toString(16)};ext=1\r\n${piece}\r\n`);
  }
  client.send("0\r\n\r\n");
  await client.until(/"model":"fast"/);
  const talk = backend.talks.at(-1);
  expect(talk?.body.toString()).toBe('{"model":"tiny:latest","x":"é"}');
  expect(talk?.headers.get("content-length")).toBe("32");
  expect(talk?.headers.has("transfer-encoding")).toBe(false);
});

test("a client that asks before it sends is told to go on, and the backend hears nothing of it", async () => {
  using client = await rawClient(router.port);
  client.send(
    "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n",
  );
  await client.until(/^HTTP\/1\.1 100 /);
  client.send('{"model":"fast"}');
  await client.until(/HTTP\/1\.1 200 /);
  expect(backend.talks.at(-1)?.headers.has("expect")).toBe(false);
});

test("a body of 20 MB passes with every byte", async () => {
  const rest = `","images":["${"QUJD".repeat(5_000_000)}"]}`;
  const talk = await arrived("/api/chat", `{"model":"fast${rest}`);
  expect(talk.body.length).toBe('{"model":"tiny:latest'.length + rest.length);
  expect(talk.body.toString("latin1").endsWith(rest)).toBe(true);
});

test("the model is deleted by a DELETE with a body", async () => {
  const said = await say(router.port, "DELETE /api/delete", [], '{"model":"","name":"tiny"}');
  expect(said.status).toBe(200);
  const talk = backend.talks.at(-1);
  expect([talk?.method, talk?.path, talk?.body.toString()]).toEqual([
    "DELETE",
    "/api/delete",
    '{"model":"tiny:latest","name":"tiny:latest"}',
  ]);
});

test.each([5_000, 5_000_000])("a name of %i letters is invalid, though a pattern fits it", async (length) => {
  await using patterns = await routerOver(
    { a: { url: backend.url, engine: "ollama" } },
    '[aliases]\n"x*" = "tiny"\n',
  );
  for (const request of ["POST /api/chat", "POST /v1/chat/completions"]) {
    const said = await say(patterns.port, request, [], `{"model":"${"x".repeat(length)}"}`);
    expect([said.status, said.body]).toEqual([400, expect.stringContaining("invalid model name")]);
  }
});
