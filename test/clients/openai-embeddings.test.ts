/** The official OpenAI client gets embeddings through the router from a real llama-server. */

import { describe, expect } from "bun:test";

import OpenAI from "openai";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";

/** The width of the tiny model. */
const DIMENSIONS = 128;

const stage = llamaStage(
  { embedder: { alias: "org/Tiny-Embed", kind: { embeds: true } } },
  '[aliases]\n"text-embedding-3-small" = "org/Tiny-Embed"\n',
);

const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });

const straight = (): OpenAI =>
  new OpenAI({ baseURL: `${stage.engine("embedder").url}/v1`, apiKey: "none", maxRetries: 0 });

describe.each(["text-embedding-3-small", "org/Tiny-Embed", "org/tiny-embed:LATEST"])(
  "asked for as %s",
  (model) => {
    testWithLlama("vectors come as the client asks for them by default, in base64", async () => {
      const { data, response } = await client().embeddings.create({ model, input: "the sky" }).withResponse();
      const [row] = data.data;
      expect(data.model).toBe(model);
      expect(row?.embedding).toHaveLength(DIMENSIONS);
      expect(Math.hypot(...(row?.embedding ?? []))).toBeCloseTo(1, 3);
      expect(response.headers.get("content-type")).toStartWith("application/json");
    });

    testWithLlama("they are the very vectors that the engine gives", async () => {
      const input = ["the sky", "is blue", "by air"];
      const [through, direct] = await Promise.all([
        client().embeddings.create({ model, input }),
        straight().embeddings.create({ model, input }),
      ]);
      expect(through.data).toEqual(direct.data);
      expect(through.data.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(through.usage).toEqual(direct.usage);
    });

    testWithLlama("plain numbers are the same vectors", async () => {
      const input = "the sky";
      const [encoded, plain] = await Promise.all([
        client().embeddings.create({ model, input }),
        client().embeddings.create({ model, input, encoding_format: "float" }),
      ]);
      expect(plain.model).toBe(model);
      expect(Float32Array.from(plain.data[0]?.embedding ?? [])).toEqual(
        Float32Array.from(encoded.data[0]?.embedding ?? []),
      );
    });
  },
);
