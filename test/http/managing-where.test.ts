/** Calls that manage models go where the model is or belongs, past backends that turn out to be gone. */

import { describe, expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { managingOllama } from "../support/managing.ts";
import { NOBODY, routerOver } from "../support/over.ts";

const NEVER = '[health]\nprobe_interval = "1h"\n';
const OFTEN = '[health]\nprobe_interval = "50ms"\n';
const DIGEST = `sha256:${"1".repeat(64)}`;

async function post(url: string, body: object): Promise<number> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  await answer.text();
  return answer.status;
}

test("of several pins, push goes to the one that has the model", async () => {
  await using a = await managingOllama();
  await using b = await managingOllama(["m"]);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    '[models]\nm = ["a", "b"]\n',
  );
  expect(await post(`${router.url}/api/push`, { model: "m" })).toBe(200);
  expect([a.deeds.length, b.deeds.length]).toEqual([0, 1]);
});

test("pull moves on to the next Ollama where no connection was made", async () => {
  await using a = await managingOllama();
  await using b = await managingOllama();
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama", priority: 200 }, b: { url: b.url, engine: "ollama" } },
    NEVER,
  );
  await a.stop();
  expect(await post(`${router.url}/api/pull`, { model: "new" })).toBe(200);
  expect(b.deeds).toEqual(['POST /api/pull {"model":"new"}']);
});

test("an Ollama that came back since the last look is used at once", async () => {
  await using a = await managingOllama(["m"]);
  await using b = await managingOllama();
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    NEVER,
  );
  await a.stop();
  await post(`${router.url}/api/chat`, { model: "m" });
  await router.log.until(/event="backend down" backend=a/);
  await a.start();
  expect(await post(`${router.url}/api/push`, { model: "m" })).toBe(200);
  expect([a.deeds.length, b.deeds.length]).toEqual([1, 0]);
});

describe("a model that is pinned", () => {
  test("to an engine that manages nothing cannot be pulled", async () => {
    await using a = await rawBackend(["m"], () => {});
    await using o = await managingOllama();
    await using router = await routerOver(
      { a: { url: a.url, engine: "openai" }, o: { url: o.url, engine: "ollama" } },
      '[models]\nm = "a"\n',
    );
    const answer = await fetch(`${router.url}/api/pull`, { method: "POST", body: '{"model":"m"}' });
    expect([answer.status, await answer.json()]).toEqual([
      501,
      { error: '"m" belongs to a, which is no Ollama, and no other engine manages models' },
    ]);
    expect(o.deeds).toEqual([]);
  });

  test("to an Ollama that is off is no other's to pull", async () => {
    await using o = await managingOllama();
    await using router = await routerOver(
      { off: { url: NOBODY, engine: "ollama" }, o: { url: o.url, engine: "ollama" } },
      '[models]\nm = "off"\n',
    );
    const answer = await fetch(`${router.url}/api/pull`, { method: "POST", body: '{"model":"m"}' });
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
      503,
      "5",
      { error: '"m" belongs to off, which is not up (off: connection refused)' },
    ]);
    expect(o.deeds).toEqual([]);
  });

  test("is created where its blobs and its source are, though its pin is off", async () => {
    await using a = await managingOllama(["base"]);
    a.blobs.add(DIGEST);
    await using router = await routerOver(
      { a: { url: a.url, engine: "ollama" }, off: { url: NOBODY, engine: "ollama" } },
      '[models]\npinned = "off"\n',
    );
    expect(await post(`${router.url}/api/create`, { model: "pinned", files: { x: DIGEST } })).toBe(200);
    expect(await post(`${router.url}/api/create`, { model: "pinned", from: "base" })).toBe(200);
    expect(await post(`${router.url}/api/create`, { model: "pinned", system: "Be brief." })).toBe(503);
  });
});

describe("where no backend was ever seen", () => {
  test("it is a matter of time whether one can pull", async () => {
    await using router = await routerOver({ a: { url: NOBODY } });
    expect(await post(`${router.url}/api/pull`, { model: "m" })).toBe(503);
  });
});

test("a copy of what only an Ollama that is off could copy is a matter of time", async () => {
  await using a = await managingOllama(["m"]);
  await using o = await rawBackend(["m"], () => {});
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, o: { url: o.url, engine: "openai" } },
    `[server]\ncopy = "model"\n${OFTEN}`,
  );
  await a.stop();
  await router.log.until(/event="backend down" backend=a/);
  expect(await post(`${router.url}/api/copy`, { source: "m", destination: "y" })).toBe(503);
});

test("a blob that went with its model is not said to be there", async () => {
  await using a = await managingOllama();
  await using router = await routerOver({ a: { url: a.url, engine: "ollama" } });
  await fetch(`${router.url}/api/blobs/${DIGEST}`, { method: "POST", body: "GGUF" });
  expect((await fetch(`${router.url}/api/blobs/${DIGEST}`, { method: "HEAD" })).status).toBe(200);
  a.blobs.clear();
  expect((await fetch(`${router.url}/api/blobs/${DIGEST}`, { method: "HEAD" })).status).toBe(404);
});

test("a push of what only a dead Ollama has does not go to another", async () => {
  await using a = await managingOllama(["m"]);
  await using b = await managingOllama();
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    NEVER,
  );
  await a.stop();
  expect(await post(`${router.url}/api/push`, { model: "m" })).toBe(502);
  expect(b.deeds).toEqual([]);
});

test("a blob that one Ollama has is there, though another hangs", async () => {
  await using a = await managingOllama();
  await using hung = await rawBackend([], () => {}, "ollama");
  a.blobs.add(DIGEST);
  await using router = await routerOver({
    hung: { url: hung.url, engine: "ollama", priority: 200 },
    a: { url: a.url, engine: "ollama" },
  });
  expect((await fetch(`${router.url}/api/blobs/${DIGEST}`, { method: "HEAD" })).status).toBe(200);
});
