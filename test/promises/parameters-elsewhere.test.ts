/** Calls that make no text carry no parameters, whatever the configuration says: they reach the engine as they are. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type Listener, listenerOf } from "../support/listener.ts";

const ALL =
  "{ temperature = 0.5, top_p = 0.9, top_k = 5, seed = 7, stop = ['a'], num_predict = 9, num_ctx = 8192 }";
const TOML = `
[defaults]
options = ${ALL}
keep_alive = "10m"
force = { options = ${ALL}, keep_alive = 60 }
[aliases]
mine = "m"
`;

const BODIES: readonly (readonly [engine: string, path: string, body: string])[] = [
  ...["ollama", "openai", "lmstudio", "llamacpp", "vllm", "sglang"].map(
    (engine) => [engine, "/v1/embeddings", '{"model":"NAME","input":["a"],"temperature":null}'] as const,
  ),
  ["vllm", "/v1/rerank", '{ "model":"NAME", "query":"q", "documents":["d"], "top_n":1, "seed":1.0 }'],
  ["openai", "/v1/audio/speech", '{"model":"NAME","input":"hello","voice":"alloy","temperature":1}'],
  ["openai", "/v1/images/generations", '{"model":"NAME","prompt":"a cat","seed":1}'],
  ["vllm", "/v1/messages/count_tokens", '{"model":"NAME","messages":[],"temperature":null}'],
];

test.each(BODIES)("%s %s", async (engine, path, body) => {
  await using listener = await listenerOf(engine, TOML);
  expect(await listener.hear(path, body.replace("NAME", "mine"))).toBe(body.replace("NAME", "m"));
});

describe("forms", () => {
  let listener: Listener;
  beforeAll(async () => {
    listener = await listenerOf("openai", TOML);
  });
  afterAll(() => listener[Symbol.asyncDispose]());

  const form = (name: string): string =>
    [
      '--b\r\nContent-Disposition: form-data; name="temperature"\r\n\r\n1',
      `--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n${name}`,
      '--b\r\nContent-Disposition: form-data; name="options"\r\n\r\n{"seed":1}',
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n{"model":"x"}\0\r\n--b--\r\n',
    ].join("\r\n");

  test.each(["/v1/audio/transcriptions", "/v1/images/edits"])("%s", async (path) => {
    const headers = ["Content-Type: multipart/form-data; boundary=b"];
    expect(await listener.hear(path, form("mine"), headers)).toBe(form("m"));
  });
});
