/** What an engine's requests have no place for is told, path by path; what gets through, or needs no word, is not. */

import { describe, expect, test } from "bun:test";

import { pathsText, unmetPaths, unmetTexts } from "../../src/dialects/unmet.ts";
import { type Parameters, settled } from "../../src/domain/parameters.ts";
import { engineNamed } from "../../src/engines/detect.ts";
import { ENGINE_NAMES, type EngineName } from "../../src/engines/engine.ts";

function texts(parameters: Parameters, ...engines: EngineName[]): string[] {
  return unmetTexts(parameters, engines.map(engineNamed));
}

const CHAT = "/v1/chat/completions";
const TEXT = "/v1/completions";
const RESPONSES = "/v1/responses";
const MESSAGES = "/v1/messages";

type Row = [EngineName, Parameters, string[]];

describe("one engine", () => {
  test.each<Row>([
    // every path has these
    ...ENGINE_NAMES.map((name): Row => [name, { options: { temperature: 0, top_p: 1, num_predict: 5 } }, []]),
    ["ollama", { options: { num_ctx: 8192 } }, ["clients of /v1 do not get num_ctx"]],
    ["ollama", { keep_alive: -1 }, ["clients of /v1 do not get keep_alive"]],
    [
      "ollama",
      { force: { options: { num_gpu: 1 }, keep_alive: "5m" } },
      ["clients of /v1 do not get num_gpu, keep_alive"],
    ],
    [
      "ollama",
      { options: { seed: 1, num_ctx: 8192, top_k: 5 } },
      [
        `clients of ${RESPONSES}, ${MESSAGES} do not get seed`,
        "clients of /v1 do not get num_ctx",
        `clients of ${CHAT}, ${TEXT}, ${RESPONSES} do not get top_k`,
      ],
    ],
    ["ollama", { options: { stop: ["a"] } }, [`clients of ${RESPONSES} do not get stop`]],
    [
      "llamacpp",
      { options: { num_ctx: 8192 }, keep_alive: "5m" },
      ["num_ctx, keep_alive cannot be asked of llama.cpp"],
    ],
    ["llamacpp", { options: { min_p: 0.1 } }, [`clients of ${RESPONSES}, ${MESSAGES} do not get min_p`]],
    ["lmstudio", { keep_alive: "5m" }, [`clients of ${RESPONSES}, ${MESSAGES} do not get keep_alive`]],
    ["lmstudio", { keep_alive: -1 }, ["keep_alive cannot be asked of LM Studio"]],
    ["lmstudio", { keep_alive: "1500ms" }, ["keep_alive cannot be asked of LM Studio"]],
    ["vllm", { options: { mirostat: 1 } }, ["mirostat cannot be asked of vLLM"]],
    ["openai", { options: { top_k: 1 } }, ["top_k cannot be asked of OpenAI-compatible"]],
    // nothing need be said for these, but to a client that says otherwise
    ...ENGINE_NAMES.map((name): Row => [name, { options: { num_predict: -1, seed: -1 } }, []]),
    ["ollama", { force: { options: { num_predict: -1 } } }, ["clients of /v1 do not get num_predict"]],
    ["vllm", { force: { options: { seed: -1 } } }, ["seed cannot be asked of vLLM"]],
  ])("%s: %j", (engine, parameters, told) => {
    expect(texts(parameters, engine)).toEqual(told);
  });
});

describe("several engines", () => {
  test("what one of them takes is not asked in vain", () => {
    const parameters = { options: { num_ctx: 8192 } };
    expect(texts(parameters, "llamacpp", "vllm")).toEqual(["num_ctx cannot be asked of llama.cpp or vLLM"]);
    expect(texts(parameters, "llamacpp", "ollama")).toEqual(["clients of /v1 do not get num_ctx"]);
  });

  test("many of a kind are one, and where none is known nothing is told", () => {
    expect(texts({ keep_alive: 5 }, "sglang", "sglang")).toEqual(["keep_alive cannot be asked of SGLang"]);
    expect(texts({ keep_alive: 5 })).toEqual([]);
    expect(unmetTexts(undefined, [engineNamed("ollama")])).toEqual([]);
  });
});

test("one path alone may be asked about", () => {
  const wanted = settled([{ options: { num_ctx: 8192, top_k: 5 }, force: { keep_alive: 5 } }]);
  if (wanted === undefined) throw new Error("Nothing is wanted");
  const unmet = (path?: string): object =>
    Object.fromEntries(unmetPaths(wanted, engineNamed("ollama"), path));
  const all = [CHAT, TEXT, RESPONSES, MESSAGES];
  expect(unmet()).toEqual({ num_ctx: all, keep_alive: all, top_k: [CHAT, TEXT, RESPONSES] });
  expect(unmet("/api/chat")).toEqual({});
  expect(unmet(MESSAGES)).toEqual({ num_ctx: [MESSAGES], keep_alive: [MESSAGES] });
  expect(unmet("/v1/embeddings")).toEqual({});
});

test("all paths together have one name", () => {
  expect(pathsText([MESSAGES, CHAT, TEXT, RESPONSES])).toBe("/v1");
  expect(pathsText([CHAT, TEXT])).toBe(`${CHAT}, ${TEXT}`);
});
