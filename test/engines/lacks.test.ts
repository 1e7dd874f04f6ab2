/** An engine without a path is told from one without a model, in the words of each: the first may have a neighbour that helps. */

import { describe, expect, test } from "bun:test";

import { engineNamed } from "../../src/engines/detect.ts";
import { ENGINE_NAMES, type EngineName } from "../../src/engines/engine.ts";
import { capture } from "../support/captures.ts";

type Row = readonly [engine: EngineName, what: string, status: number, body: string];

const LLAMA_404 = capture("llama-404").body.toString();
const FASTAPI = '{"detail":"Not Found"}';
const VLLM_UNKNOWN =
  '{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}';
const FLAT_UNKNOWN =
  '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}';
const OPENAI_UNKNOWN =
  '{"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}';
const LMSTUDIO_UNKNOWN =
  '{"error":{"message":"No models loaded. Please load a model","type":"invalid_request_error","param":"model","code":"model_not_found"}}';

describe("no such path", () => {
  test.each<Row>([
    ["ollama", "Ollama's own words", 404, capture("ollama-path-404-v1").body.toString()],
    ["llamacpp", "llama-server's own words", 404, LLAMA_404],
    [
      "lmstudio",
      "an error with status 200",
      200,
      '{"error":"Unexpected endpoint or method. (POST /v1/rerank)"}',
    ],
    ["vllm", "FastAPI's words", 404, FASTAPI],
    ["sglang", "FastAPI's words", 404, FASTAPI],
    ["openai", "FastAPI's words", 404, FASTAPI],
    ["openai", "a wrong method", 405, '{"detail":"Method Not Allowed"}'],
    ["openai", "a web page", 404, "<!doctype html><pre>Cannot POST /v1/rerank</pre>"],
    ["openai", "nothing", 404, ""],
    ["openai", "Go's words", 404, "404 page not found"],
    [
      "openai",
      "OpenAI's own words",
      404,
      '{"error":{"message":"Invalid URL (POST /v1/rerank)","type":"invalid_request_error","param":null,"code":null}}',
    ],
  ])("%s: %s", (engine, _, status, body) => {
    expect(engineNamed(engine).lacks(status, body)).toBe(true);
  });
});

describe("no such model, or another failure", () => {
  test.each<Row>([
    [
      "openai",
      "FastAPI's words for an unknown voice",
      404,
      '{"detail":"Model \'piper\' is not installed locally."}',
    ],
    ["ollama", "an unknown model", 404, capture("ollama-chat-404").body.toString()],
    ["ollama", "an unknown model below /v1", 404, capture("ollama-v1-chat-404").body.toString()],
    ["ollama", "an unknown model in a message", 404, capture("ollama-v1-messages-404").body.toString()],
    ["ollama", "no embeddings from this model", 501, capture("ollama-embed-chatmodel").body.toString()],
    [
      "llamacpp",
      "an unknown model",
      400,
      '{"error":{"code":400,"message":"model \'x\' not found","type":"invalid_request_error"}}',
    ],
    ["llamacpp", "another thing that is not there", 404, '{"error":{"message":"No such slot","code":404}}'],
    ["llamacpp", "no embeddings from this model", 501, capture("llama-err-embed").body.toString()],
    [
      "llamacpp",
      "a model that is being loaded",
      503,
      '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
    ],
    ["lmstudio", "no model", 404, LMSTUDIO_UNKNOWN],
    ["lmstudio", "an error with status 200", 200, '{"error":"Model crashed"}'],
    ["vllm", "an unknown model", 404, VLLM_UNKNOWN],
    ["vllm", "an unknown model, in the words of older versions", 404, FLAT_UNKNOWN],
    [
      "vllm",
      "a model that cannot chat",
      400,
      '{"error":{"message":"The model does not support Chat Completions API","type":"BadRequestError","param":null,"code":400}}',
    ],
    ["sglang", "an unknown model", 404, FLAT_UNKNOWN],
    ["openai", "an unknown model", 404, OPENAI_UNKNOWN],
    ["openai", "a failure without words", 500, ""],
  ])("%s: %s", (engine, _, status, body) => {
    expect(engineNamed(engine).lacks(status, body)).toBe(false);
  });

  test.each(
    ENGINE_NAMES.flatMap((name) => [200, 400, 429, 500, 503].map((status) => [name, status] as const)),
  )("%s: an answer with status %i that speaks of missing things", (engine, status) => {
    const body =
      '{"choices":[{"message":{"content":"404 page not found, File Not Found, Invalid URL, Unexpected endpoint or method"}}]}';
    expect(engineNamed(engine).lacks(status, body)).toBe(false);
  });
});
