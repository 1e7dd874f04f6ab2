/** Engines are told apart by the shapes of their answers, whatever else they imitate. */

import { describe, expect, test } from "bun:test";

import { detect } from "../../src/engines/detect.ts";
import { askOf } from "../../src/fleet/ask.ts";
import {
  LLAMA_LOADING,
  LLAMA_ROUTER,
  SGLANG,
  SGLANG_AS_OLLAMA,
  SGLANG_LIST,
  SGLANG_OLD,
  VLLM,
} from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Pages, SILENCE } from "../support/fake-engine.ts";
import {
  GENERIC,
  LEMONADE,
  LOCALAI,
  LOCALAI_EMPTY,
  NOTHING_BUT_JSON,
  OLLAMA_EMPTY,
  PAGES_AND_LIST,
  PAGES_ONLY,
  SILENT,
} from "../support/imitator-shapes.ts";
import { LMSTUDIO_EMPTY, LMSTUDIO_NEW, LMSTUDIO_OLD, LMSTUDIO_OLDEST } from "../support/lmstudio-shapes.ts";
import { mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";
import { replayedLlamaServer, replayedOllama } from "../support/replay.ts";

/** Long enough for a server that answers at all, on a busy machine too. */
const SHORT_MS = 300;

async function engineAt(url: string, probeTimeoutMs = 5000): Promise<string | undefined> {
  return (await detect(askOf(backendAt(url, { probeTimeoutMs }))))?.name;
}

test("an Ollama", async () => {
  await using engine = await replayedOllama();
  expect(await engineAt(engine.url)).toBe("ollama");
});

test("a llama-server", async () => {
  await using engine = await replayedLlamaServer();
  expect(await engineAt(engine.url)).toBe("llamacpp");
});

test.each<[string, Pages, string | undefined]>([
  ["an Ollama without models", OLLAMA_EMPTY, "ollama"],
  ["a llama-server with several models", LLAMA_ROUTER, "llamacpp"],
  ["a llama-server that is loading its model", LLAMA_LOADING, "llamacpp"],
  ["an LM Studio", LMSTUDIO_NEW, "lmstudio"],
  ["an LM Studio before 0.4", LMSTUDIO_OLD, "lmstudio"],
  ["an LM Studio with OpenAI's list alone", LMSTUDIO_OLDEST, "lmstudio"],
  ["an LM Studio without models", LMSTUDIO_EMPTY, "lmstudio"],
  ["a vLLM", VLLM, "vllm"],
  ["an SGLang", SGLANG, "sglang"],
  ["an SGLang that tells of itself in OpenAI's list alone", SGLANG_LIST, "sglang"],
  ["an SGLang of before the path was renamed", SGLANG_OLD, "sglang"],
  ["an SGLang that imitates Ollama", SGLANG_AS_OLLAMA, "sglang"],
  ["a LocalAI, which imitates Ollama", LOCALAI, "openai"],
  ["a LocalAI without models", LOCALAI_EMPTY, "openai"],
  ["a Lemonade, which imitates Ollama", LEMONADE, "openai"],
  ["anything with OpenAI's list", GENERIC, "openai"],
  ["a user interface that answers everything, with OpenAI's list behind it", PAGES_AND_LIST, "openai"],
  ["a user interface that answers everything", PAGES_ONLY, undefined],
  ["a server that says {} to everything", NOTHING_BUT_JSON, undefined],
])("%s", async (_, pages, name) => {
  await using engine = fakeEngine(pages);
  expect(await engineAt(engine.url)).toBe(name);
});

test("a llama-server behind a proxy that hides its header", async () => {
  const props = { build_info: "b1-de3ff81", default_generation_settings: {} };
  await using engine = fakeEngine({ pages: { "/props": props, "/v1/models": { data: [{ id: "tiny" }] } } });
  expect(await engineAt(engine.url)).toBe("llamacpp");
});

test("no path is asked for twice", async () => {
  await using engine = fakeEngine(PAGES_ONLY);
  await engineAt(engine.url);
  expect(engine.asked.length).toBeGreaterThan(5);
  expect(engine.asked).toEqual([...new Set(engine.asked)]);
});

describe("another router of this kind is taken for an Ollama", () => {
  test("with an Ollama behind it", async () => {
    await using engine = await replayedOllama();
    await using router = await mellamo(`[[backend]]\nurl = "${engine.url}"\n`);
    expect(await engineAt(router.url)).toBe("ollama");
  });

  test.each<[string, Pages]>([
    ["with other engines behind it", GENERIC],
    ["with nothing behind it", SILENT],
  ])("%s", async (_, pages) => {
    await using engine = fakeEngine(pages);
    await using router = await mellamo(`[[backend]]\nurl = "${engine.url}"\n`);
    expect(await engineAt(router.url)).toBe("ollama");
  });
});

describe("paths that are never answered say nothing", () => {
  test.concurrent.each<[string, Pages, string]>([
    ["an Ollama", OLLAMA_EMPTY, "ollama"],
    ["an LM Studio", LMSTUDIO_NEW, "lmstudio"],
    ["a vLLM", VLLM, "vllm"],
    ["an SGLang", SGLANG, "sglang"],
    ["anything with OpenAI's list", GENERIC, "openai"],
  ])("%s", async (_, { pages }, name) => {
    await using engine = fakeEngine({ pages, others: () => SILENCE });
    expect(await engineAt(engine.url, SHORT_MS)).toBe(name);
  });

  test("an Ollama whose list takes too long is known by its greeting", async () => {
    const pages = { ...OLLAMA_EMPTY.pages, "/api/tags": SILENCE };
    await using engine = fakeEngine({ pages });
    expect(await engineAt(engine.url, SHORT_MS)).toBe("ollama");
  });

  test("a server that answers none at all is no engine, but a failure", async () => {
    await using engine = fakeEngine(SILENT);
    await expect(engineAt(engine.url, SHORT_MS)).rejects.toThrow("timed out");
  });

  test("nor is one that cannot be reached", async () => {
    await expect(engineAt(NOBODY)).rejects.toThrow();
  });
});
