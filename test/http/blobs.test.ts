/** Blobs go to one Ollama, and the model that is made of them to the same. */

import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";

import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

/** Two digests that no other test has. */
let ONE = "";
let TWO = "";
let count = 0;

let first: ManagingOllama;
let second: ManagingOllama;
let router: Mellamo;

beforeAll(async () => {
  first = await managingOllama();
  second = await managingOllama(["base"]);
  router = await routerOver(
    {
      second: { url: second.url, engine: "ollama", priority: 10 },
      first: { url: first.url, engine: "ollama", priority: 20 },
    },
    '[models]\npinned = "second"\n[aliases]\nfast = "base"\n',
  );
});

beforeEach(() => {
  first.deeds.length = 0;
  second.deeds.length = 0;
  [ONE, TWO] = [digest(), digest()];
});

afterAll(async () => {
  await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
});

function digest(): string {
  return `sha256:${String(count++).padStart(64, "0")}`;
}

function head(blob: string): Promise<Response> {
  return fetch(`${router.url}/api/blobs/${blob}`, { method: "HEAD" });
}

function upload(blob: string, body = "GGUF"): Promise<Response> {
  return fetch(`${router.url}/api/blobs/${blob}`, { method: "POST", body });
}

async function create(body: object): Promise<void> {
  const answer = await fetch(`${router.url}/api/create`, { method: "POST", body: JSON.stringify(body) });
  expect([answer.status, await answer.text()]).toEqual([200, '{"status":"working"}\n{"status":"success"}\n']);
}

function creations({ deeds }: ManagingOllama): string[] {
  return deeds.filter((deed) => deed.startsWith("POST /api/create "));
}

test("a blob that no Ollama has is not there, one that any has is", async () => {
  expect((await head(ONE)).status).toBe(404);
  expect([first.deeds, second.deeds]).toEqual([[`HEAD /api/blobs/${ONE}`], [`HEAD /api/blobs/${ONE}`]]);
  second.blobs.add(ONE);
  expect((await head(ONE)).status).toBe(200);
});

test("a blob goes to the Ollama of the highest priority, and is there from then on", async () => {
  const answer = await upload(ONE);
  expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([201, "0", ""]);
  expect([first.deeds, second.deeds]).toEqual([[`POST /api/blobs/${ONE} GGUF`], []]);
  expect((await head(ONE)).status).toBe(200);
});

test("a blob that is known to be somewhere goes there again", async () => {
  second.blobs.add(ONE);
  await head(ONE);
  expect((await upload(ONE)).status).toBe(200);
  expect(second.deeds.at(-1)).toBe(`POST /api/blobs/${ONE} GGUF`);
});

test.each([`sha256-${"ab".repeat(32)}`, `sha256:${"AB".repeat(32)}`])("%s is a digest", async (digest) => {
  expect((await upload(digest)).status).toBe(201);
  expect(first.deeds).toEqual([`POST /api/blobs/${digest} GGUF`]);
});

test.each([
  "x",
  "sha256:xyz",
  "sha256:",
  `sha512:${"1".repeat(64)}`,
  `${digest()}0`,
  "..%2F..%2Fapi%2Fdelete",
])("%s is none, and no Ollama hears of it", async (digest) => {
  expect((await head(digest)).status).toBe(400);
  const answer = await upload(digest);
  expect([answer.status, await answer.json()]).toEqual([400, { error: "invalid digest format" }]);
  expect([first.deeds, second.deeds]).toEqual([[], []]);
});

test("a model is made where its blobs were sent, by the same body", async () => {
  await upload(ONE);
  await upload(TWO);
  const body = { model: "new", files: { "a.gguf": ONE }, adapters: { "b.gguf": TWO }, from: "base" };
  await create(body);
  // nobody has to be asked where they are
  expect(first.deeds).toEqual([
    `POST /api/blobs/${ONE} GGUF`,
    `POST /api/blobs/${TWO} GGUF`,
    `POST /api/create ${JSON.stringify(body)}`,
  ]);
  expect(second.deeds).toEqual([]);
});

test("a model is made where its blobs are found, if they were sent long ago", async () => {
  second.blobs.add(ONE).add(TWO);
  first.blobs.add(ONE);
  await create({ model: "new", files: { a: ONE }, adapters: { b: TWO } });
  expect([creations(first).length, creations(second).length]).toEqual([0, 1]);
});

test("a model whose blobs were sent is made there although it is pinned elsewhere", async () => {
  await upload(ONE);
  await create({ model: "pinned", files: { a: ONE } });
  expect([creations(first).length, creations(second).length]).toEqual([1, 0]);
});

test.each(["base", "BASE:latest", "library/base", "fast"])(
  "a model that is made from %s is made where that is, by its name there",
  async (from) => {
    await create({ model: "new", from, system: "x" });
    expect(creations(first)).toEqual([]);
    expect(creations(second)).toEqual(['POST /api/create {"model":"new","from":"base:latest","system":"x"}']);
  },
);

test("a model that is pinned is made at its pin", async () => {
  await create({ model: "pinned", from: "nowhere" });
  expect(creations(second)).toEqual(['POST /api/create {"model":"pinned","from":"nowhere"}']);
});

test("a model that is made of nothing known is made by the Ollama of the highest priority", async () => {
  await create({ model: "fresh", from: "nowhere" });
  await create({ name: "fresh2", files: { a: ONE } });
  await create({ model: "fresh3", files: "no files", adapters: [1, null] });
  expect(creations(first)).toEqual([
    'POST /api/create {"model":"fresh","from":"nowhere"}',
    `POST /api/create {"name":"fresh2","files":{"a":"${ONE}"}}`,
    'POST /api/create {"model":"fresh3","files":"no files","adapters":[1,null]}',
  ]);
});
