/** Aliases are listed as if they were models, with what is known of their targets. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { canned, type FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { NOBODY, routerOver } from "../support/over.ts";

interface Row {
  readonly name: string;
  readonly [field: string]: unknown;
}

let ollama: FakeEngine;
let openai: FakeEngine;

const EXPIRES = "2026-03-01T11:00:00Z";
const TARGET = tagsRow("qwen3:4b", { digest: "c".repeat(64), size: 42 });

beforeAll(() => {
  ollama = canned(
    ollamaLists(
      [TARGET, tagsRow("plain:latest", { modified_at: "2025-01-01T00:00:00Z" })],
      [{ ...TARGET, expires_at: EXPIRES, size_vram: 7, context_length: 4096 }],
    ),
  );
  openai = canned({ "/v1/models": { data: [{ id: "org/Big", owned_by: "them" }] } });
});

afterAll(async () => {
  await Promise.all([ollama.stop(), openai.stop()]);
});

function over(toml: string): Promise<Mellamo> {
  return routerOver(
    {
      a: { url: ollama.url, engine: "ollama" },
      o: { url: openai.url, engine: "openai" },
      dead: { url: NOBODY, engine: "ollama" },
    },
    toml,
  );
}

async function rowsOf(router: Mellamo, path: string): Promise<readonly Row[]> {
  return ((await (await fetch(router.url + path)).json()) as { models: Row[] }).models;
}

async function namesIn(router: Mellamo, path = "/api/tags"): Promise<string[]> {
  return (await rowsOf(router, path)).map(({ name }) => name).sort();
}

async function idsIn(router: Mellamo): Promise<string[]> {
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id).sort();
}

const MODELS = ["org/Big:latest", "plain:latest", "qwen3:4b"];

describe("with aliases", () => {
  let router: Mellamo;

  beforeAll(async () => {
    router = await over(
      [
        "[aliases]",
        '"gpt-4o" = "qwen3:4b"',
        'Chat = ["nosuch", "QWEN3:4B"]',
        'chain = "gpt-4o"',
        'big = "org/big"',
        'there = { targets = [{ model = "qwen3:4b", backend = "a" }] }',
        'elsewhere = { targets = [{ model = "qwen3:4b", backend = "dead" }] }',
        'dangling = "nosuch"',
        '"claude-*" = "qwen3:4b"',
        'quiet = { targets = ["qwen3:4b"], listed = false }',
        'plain = "qwen3:4b"',
      ].join("\n"),
    );
  });

  afterAll(async () => {
    await router[Symbol.asyncDispose]();
  });

  const ALIASES = ["Chat", "big", "chain", "gpt-4o", "there"];

  test("those are listed that lead to a known model; patterns and unlisted ones are not", async () => {
    expect(await namesIn(router)).toEqual([...ALIASES.map((name) => `${name}:latest`), ...MODELS].sort());
  });

  test("/v1/models has them as they are configured, without a tag", async () => {
    expect(await idsIn(router)).toEqual([...ALIASES, "plain", "org/Big", "qwen3:4b"].sort());
  });

  test.each(["gpt-4o", "Chat", "chain", "there", "plain"])(
    "%s has all its target has but the name",
    async (alias) => {
      const rows = await rowsOf(router, "/api/tags");
      const row = rows.find(({ name }) => name === `${alias}:latest`);
      const target = rows.find(({ name }) => name === "qwen3:4b");
      expect(row).toEqual({ ...target, name: `${alias}:latest`, model: `${alias}:latest` });
      expect(row).toMatchObject({ digest: "c".repeat(64), size: 42, modified_at: TARGET["modified_at"] });
    },
  );

  test("an alias that bears a real model's name is listed once, for its target", async () => {
    const plain = (await rowsOf(router, "/api/tags")).filter(({ name }) => name === "plain:latest");
    expect(plain).toMatchObject([{ digest: "c".repeat(64) }]);
  });

  test("an alias runs while its target does", async () => {
    const running = await rowsOf(router, "/api/ps");
    const row = running.find(({ name }) => name === "gpt-4o:latest");
    expect(row).toMatchObject({
      model: "gpt-4o:latest",
      expires_at: EXPIRES,
      size_vram: 7,
      context_length: 4096,
    });
    expect(running.map(({ name }) => name).sort()).toEqual([
      "Chat:latest",
      "big:latest",
      "chain:latest",
      "gpt-4o:latest",
      "org/Big:latest",
      "plain:latest",
      "qwen3:4b",
      "there:latest",
    ]);
  });

  test("an alias that is not listed answers all the same", async () => {
    const answer = await fetch(`${router.url}/v1/models/quiet`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { id: "quiet", display_name: "quiet" }]);
  });
});

test("aliases = false keeps them out of every list, and lists the models that they hid", async () => {
  await using router = await over(
    '[listing]\naliases = false\n[aliases]\nfast = "qwen3:4b"\nplain = "qwen3:4b"\n',
  );
  expect(await namesIn(router)).toEqual(MODELS);
  expect(await idsIn(router)).toEqual(["org/Big", "plain:latest", "qwen3:4b"]);
  expect(await namesIn(router, "/api/ps")).toEqual(["org/Big:latest", "qwen3:4b"]);
  expect((await fetch(`${router.url}/v1/models/fast`)).status).toBe(200);
});

test("an alias has its place in the list by its target's age", async () => {
  await using router = await over('[aliases]\nold = "plain"\n');
  const names = (await rowsOf(router, "/api/tags")).map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(["org/Big:latest", "qwen3:4b"]);
  expect(names.slice(2).sort()).toEqual(["old:latest", "plain:latest"]);
});

test("an unlisted alias that bears a real model's name hides that model", async () => {
  await using router = await over('[aliases]\nPLAIN = { targets = ["qwen3:4b"], listed = false }\n');
  expect(await namesIn(router)).toEqual(["org/Big:latest", "qwen3:4b"]);
});

test("an alias that leads nowhere does not hide the model of its name", async () => {
  await using router = await over('[aliases]\nplain = "nosuch"\n');
  expect(await namesIn(router)).toEqual(MODELS);
});
