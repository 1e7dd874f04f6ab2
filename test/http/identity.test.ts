/** Clients that ask whom they talk to hear what an Ollama says. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { canned } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists } from "../support/ollama-lists.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { saidIn, say, sayAgain } from "../support/say.ts";

describe("without any backend", () => {
  let router: Mellamo;

  beforeAll(async () => {
    router = await routerOver({ a: { url: NOBODY } });
  });

  afterAll(async () => {
    await router[Symbol.asyncDispose]();
  });

  test.each(["ollama-root-get", "ollama-root-head", "ollama-version", "ollama-version-head"])(
    "%s: status, type, length and body are those of the capture",
    async (name) => {
      const answer = saidIn(name);
      const said = await sayAgain(router.port, name);
      expect([said.status, said.body]).toEqual([answer.status, answer.body]);
      for (const header of ["content-type", "content-length"])
        expect(said.headers.get(header)).toBe(answer.headers.get(header));
    },
  );

  test("an app that took /api for the base finds it running there", async () => {
    expect((await say(router.port, "GET /api/")).body).toBe("Ollama is running");
    expect((await say(router.port, "HEAD /api")).status).toBe(200);
  });

  test("there is no cloud", async () => {
    const said = await say(router.port, "GET /api/status");
    expect(said.body).toBe('{"cloud":{"disabled":true,"source":"none"}}');
    expect(said.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });
});

test.each<[string[], string]>([
  [["0.33.0"], "0.33.0"],
  [["0.33.0", "0.9.10", "0.10.1"], "0.9.10"],
  [["1.0.0", "0.100.0"], "0.100.0"],
  [["0.9.10", "0.9.9"], "0.9.9"],
  [["v0.12.3-rc1"], "0.12.3"],
  [["dev", "0.13.0"], "0.13.0"],
])("of Ollamas with versions %j the lowest by number is told: %s", async (versions, lowest) => {
  const engines = versions.map((version) => canned(ollamaLists([], [], version)));
  const tables = engines.map(({ url }, index): [string, { url: string; engine: string }] => [
    `b${index}`,
    { url, engine: "ollama" },
  ]);
  await using router = await routerOver(Object.fromEntries(tables));
  const answer = await fetch(`${router.url}/api/version`);
  expect(await answer.json()).toEqual({ version: lowest });
  await Promise.all(engines.map((engine) => engine.stop()));
});

test("versions of other engines do not count", async () => {
  await using vllm = canned({
    "/v1/models": { object: "list", data: [{ id: "m", owned_by: "vllm" }] },
    "/version": { version: "0.1.2" },
  });
  await using ollama = canned(ollamaLists([], [], "0.20.0"));
  await using router = await routerOver({
    v: { url: vllm.url, engine: "vllm" },
    o: { url: ollama.url, engine: "ollama" },
  });
  expect(await (await fetch(`${router.url}/api/version`)).json()).toEqual({ version: "0.20.0" });
});

test("a backend that is down still has a say, so that the version does not jump", async () => {
  await using newer = canned(ollamaLists([], [], "0.33.0"));
  await using older = canned(ollamaLists([], [], "0.20.0"));
  await using router = await routerOver(
    { n: { url: newer.url, engine: "ollama" }, o: { url: older.url, engine: "ollama" } },
    '[health]\nprobe_interval = "50ms"\n',
  );
  await older.stop();
  await router.log.until(/event="backend down" backend=o/);
  expect(await (await fetch(`${router.url}/api/version`)).json()).toEqual({ version: "0.20.0" });
});

test("the cloud's status is the Ollama's of the highest priority", async () => {
  const lists = ollamaLists([]);
  await using first = canned({ ...lists, "/api/status": { cloud: { disabled: true, source: "env" } } });
  await using second = canned({ ...lists, "/api/status": { cloud: { disabled: false, source: "none" } } });
  await using router = await routerOver({
    first: { url: first.url, engine: "ollama", priority: 1 },
    second: { url: second.url, engine: "ollama", priority: 2 },
  });
  const answer = await fetch(`${router.url}/api/status`);
  expect(await answer.json()).toEqual({ cloud: { disabled: false, source: "none" } });
});
