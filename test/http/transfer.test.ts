/** `ollama pull` and `ollama push` go to the backend where the model is or belongs, and show their progress. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

const DONE = '{"status":"working"}\n{"status":"success"}\n';
const NDJSON = { "content-type": "application/x-ndjson" };

describe.each(["/api/pull", "/api/push"])("%s", (path) => {
  let first: ManagingOllama;
  let second: ManagingOllama;
  let openai: RawBackend;
  let router: Mellamo;

  beforeAll(async () => {
    first = await managingOllama(["shared"]);
    second = await managingOllama(["shared", "Mine"]);
    openai = await rawBackend(["ours"], () => {});
    router = await routerOver(
      {
        openai: { url: openai.url, engine: "openai", priority: 300 },
        second: { url: second.url, engine: "ollama", priority: 10 },
        first: { url: first.url, engine: "ollama", priority: 20 },
      },
      [
        "[models]",
        'pinned = "second"',
        '"shared:latest" = ["second"]',
        "[aliases]",
        'fast = "mine"',
        'there = { targets = [{ model = "new2", backend = "second" }] }',
        '"gpt-*" = "mine"',
      ].join("\n"),
    );
  });

  afterAll(async () => {
    await Promise.all([router, first, second, openai].map((one) => one[Symbol.asyncDispose]()));
  });

  test.each([
    ["a model that nobody has, to the Ollama of the highest priority", "new", "first", "new"],
    ["a model that one has, to that one, as it spells it", "MINE", "second", "Mine:latest"],
    ["a model that is pinned, to its pin", "pinned", "second", "pinned"],
    ["a model that is pinned, even where another has it too", "shared", "second", "shared:latest"],
    ["an alias, to where its target is, by that name", "fast", "second", "Mine:latest"],
    ["an alias whose target names a backend, to that one", "there", "second", "new2"],
    ["a name that only a pattern fits, as a name of its own", "gpt-4", "first", "gpt-4"],
    ["a model that only another engine has, to an Ollama", "ours", "first", "ours"],
    ["a name with a registry, as it came", "registry.example/me/x:1b", "first", "registry.example/me/x:1b"],
  ])("goes with %s", async (_, name, backend, sent) => {
    first.deeds.length = 0;
    second.deeds.length = 0;
    const body = `{"model":"${name}","insecure":true, "n":1.0}`;
    const answer = await fetch(router.url + path, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([200, DONE]);
    expect({ first: first.deeds, second: second.deeds }).toEqual({
      first: [],
      second: [],
      [backend]: [`POST ${path} ${body.replace(name, sent)}`],
    });
    expect(openai.talks).toEqual([]);
  });
});

describe("what an Ollama says", () => {
  let backend: RawBackend;
  let router: Mellamo;

  beforeAll(async () => {
    backend = await rawBackend([], () => {}, "ollama");
    router = await routerOver({ a: { url: backend.url, engine: "ollama" } });
  });

  afterAll(async () => {
    await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
  });

  test("comes line by line, each before the next is there, and is not held back by proxies on the way", async () => {
    let talk: Talk | undefined;
    backend.behave(async (now) => {
      talk = now;
      await now.begin(200, NDJSON);
      await now.chunk('{"status":"pulling manifest"}\n');
    });
    using client = await rawClient(router.port);
    client.send(post("/api/pull", '{"model":"new"}'));
    const head = await client.until(/pulling manifest/);
    expect(head).toMatch(/^content-type: application\/x-ndjson\r$/im);
    expect(head).toMatch(/^x-accel-buffering: no\r$/im);
    expect(head).toMatch(/^cache-control: no-cache\r$/im);
    await talk?.chunk('{"status":"pulling 7613","completed":1}\n');
    await client.until(/"completed":1/);
    await talk?.chunk('{"status":"success"}\n');
    await talk?.chunk("");
    await client.until(/success[^]*\r\n0\r\n\r\n$/);
  });

  test.each<[number, string, string]>([
    [
      200,
      "application/x-ndjson",
      '{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n',
    ],
    [500, "application/json", '{"error":"pull model manifest: file does not exist"}'],
    [401, "application/json", '{"error":"unauthorized","signin_url":"https://ollama.com/connect?x=y"}'],
  ])("of a failure is passed on as it is: %p %s", async (status, type, body) => {
    backend.behave((talk) => talk.answer(status, body, { "content-type": type }));
    const answer = await fetch(`${router.url}/api/pull`, { method: "POST", body: '{"model":"new"}' });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      status,
      type,
      body,
    ]);
  });

  test("is not asked for again where it broke off, and the client sees that it did", async () => {
    const before = backend.talks.length;
    backend.behave(async (talk) => {
      await talk.begin(200, NDJSON);
      await talk.chunk('{"status":"pulling manifest"}\n');
    });
    using client = await rawClient(router.port);
    client.send(post("/api/pull", '{"model":"new"}'));
    await client.until(/pulling manifest/);
    (await backend.talk(before)).reset();
    await client.ended;
    expect(client.received()).not.toEndWith("\r\n0\r\n\r\n");
    expect(backend.talks.length).toBe(before + 1);
  });

  test("is not asked for again where it never came", async () => {
    const before = backend.talks.length;
    backend.behave((talk) => talk.reset());
    const answer = await fetch(`${router.url}/api/pull`, { method: "POST", body: '{"model":"new"}' });
    expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([502, "false"]);
    expect(backend.talks.length).toBe(before + 1);
  });
});

test("what was said of a success is passed on, even if the engine dies behind it", async () => {
  await using ollama = await rawBackend(
    [],
    async (talk) => {
      await talk.begin(200, NDJSON);
      await talk.chunk('{"status":"success"}\n');
      // Bun loses what arrives in one turn with the end; nothing tells that it has arrived
      await Bun.sleep(100);
      talk.end();
    },
    "ollama",
  );
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } });
  using client = await rawClient(router.port);
  client.send(post("/api/pull", '{"model":"m"}'));
  await client.ended;
  expect(client.received()).toContain('{"status":"success"}');
  expect(client.received()).not.toEndWith("0\r\n\r\n");
});
