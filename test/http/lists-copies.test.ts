/** Where several backends have a model, lists show one of the copies, and the same one everywhere. */

import { describe, expect, test } from "bun:test";

import { canned } from "../support/fake-engine.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { routerOver } from "../support/over.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

async function list(url: string): Promise<Rows> {
  const { models, data } = (await (await fetch(url)).json()) as {
    readonly models?: Rows;
    readonly data?: Rows;
  };
  return models ?? data ?? [];
}

const NEW = tagsRow("m:latest", { modified_at: "2026-02-01T00:00:00Z", digest: "b".repeat(64) });
const OLD = tagsRow("m:latest", { modified_at: "2026-01-01T00:00:00Z", digest: "a".repeat(64) });
const RUNNING = { ...OLD, expires_at: "2030-01-01T00:00:00Z" };

describe("what is in memory", () => {
  test("is listed, on whichever backend", async () => {
    await using newer = canned(ollamaLists([NEW]));
    await using older = canned(ollamaLists([OLD], [RUNNING]));
    await using router = await routerOver(
      { newer: { url: newer.url, engine: "ollama" }, older: { url: older.url, engine: "ollama" } },
      '[aliases]\nfast = "m"\n',
    );
    const names = (await list(`${router.url}/api/ps`)).map(({ name }) => name);
    expect(names.sort()).toEqual(["fast:latest", "m:latest"]);
  });

  test("is listed, though the backend with the newest copy is down", async () => {
    await using newer = canned(ollamaLists([NEW], [NEW]));
    await using older = canned(ollamaLists([OLD], [RUNNING]));
    await using router = await routerOver(
      { newer: { url: newer.url, engine: "ollama" }, older: { url: older.url, engine: "ollama" } },
      '[health]\nprobe_interval = "50ms"\n',
    );
    await newer.stop();
    await router.log.until(/event="backend down" backend=newer/);
    expect((await list(`${router.url}/api/ps`)).map(({ digest }) => digest)).toEqual([OLD["digest"]]);
  });
});

test("the newest copy speaks for the name, for its aliases, and where it is asked for by id", async () => {
  await using older = canned(ollamaLists([OLD]));
  await using newer = canned(ollamaLists([NEW]));
  await using router = await routerOver(
    { older: { url: older.url, engine: "ollama" }, newer: { url: newer.url, engine: "ollama" } },
    '[aliases]\nfast = "m"\n',
  );
  const digests = (await list(`${router.url}/api/tags`)).map(({ digest }) => digest);
  expect(digests).toEqual([NEW["digest"], NEW["digest"]]);
  const rows = await list(`${router.url}/v1/models`);
  const found = await Promise.all(
    rows.map(async ({ id }) => (await fetch(`${router.url}/v1/models/${String(id)}`)).json()),
  );
  expect(found).toEqual([...rows]);
});

describe("a row of an Ollama's list", () => {
  test("is passed on with every field it has, and no other", async () => {
    const row = {
      name: "m:latest",
      model: "m:latest",
      modified_at: "2026-02-01T00:00:00Z",
      size: 1,
      details: { family: "x", new: [1] },
    };
    await using engine = canned(ollamaLists([row]));
    await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
    expect(await list(`${router.url}/api/tags`)).toEqual([row]);
  });

  test("that lacks its time gets one that clients in Go can read", async () => {
    await using engine = canned(ollamaLists([{ name: "m:latest", digest: "a" }]));
    await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
    const [row] = await list(`${router.url}/api/tags`);
    expect(Date.parse(String(row?.["modified_at"]))).toBeGreaterThan(0);
  });
});

test("models that changed within one second stay in the order of their engine", async () => {
  const names = ["b", "c", "a"];
  const rows = names.map((name, at) =>
    tagsRow(`${name}:latest`, { modified_at: `2026-02-01T00:00:00.${at}Z` }),
  );
  await using engine = canned(ollamaLists(rows));
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  const listed = (await list(`${router.url}/api/tags`)).map(({ name }) => name);
  expect(listed).toEqual(names.map((name) => `${name}:latest`));
});

test("an alias hides the model whose name it took, though that runs and its target does not", async () => {
  const rows = [tagsRow("llama3:latest"), tagsRow("qwen3:4b")];
  await using engine = canned(ollamaLists(rows, [{ ...rows[0], expires_at: "2030-01-01T00:00:00Z" }]));
  await using router = await routerOver(
    { a: { url: engine.url, engine: "ollama" } },
    '[aliases]\nllama3 = "qwen3:4b"\n',
  );
  expect(await list(`${router.url}/api/ps`)).toEqual([]);
});
