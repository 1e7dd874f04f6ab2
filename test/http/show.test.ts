/** `ollama show` works for every model: an Ollama answers itself, for other engines the answer is made up. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { capture } from "../support/captures.ts";
import { canned, type FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";

let ollama: RawBackend;
let llama: FakeEngine;
let router: Mellamo;

const SHOWN = capture("ollama-show-copilot").body.toString();

beforeAll(async () => {
  ollama = await rawBackend(
    ["tiny:latest", "both:latest"],
    (talk) => talk.answer(200, SHOWN, { "content-type": "application/json; charset=utf-8" }),
    "ollama",
  );
  llama = canned({
    "/v1/models": {
      data: [
        { id: "Big.gguf", meta: { n_ctx: 8192, n_params: 8030261248, size: 5, ftype: "Q8_0" } },
        { id: "both:latest" },
      ],
      models: [{ model: "Big.gguf", capabilities: ["completion", "multimodal"] }],
    },
  });
  router = await routerOver(
    {
      // even where it goes first, the engine that can show a model does so
      llama: { url: llama.url, engine: "llamacpp", priority: 200 },
      ollama: { url: ollama.url, engine: "ollama" },
      dead: { url: NOBODY, engine: "ollama" },
    },
    '[models]\ngone = "dead"\n[aliases]\nfast = "tiny"\nlarge = "Big.gguf"\n',
  );
});

afterAll(async () => {
  await Promise.all([router, ollama, llama].map((one) => one[Symbol.asyncDispose]()));
});

function show(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${router.url}/api/show`, { method: "POST", body, headers });
}

describe("by an Ollama", () => {
  test("the answer is passed on to the last byte", async () => {
    const answer = await show('{"model":"tiny","verbose":true}');
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.text()).toBe(SHOWN);
    expect(ollama.talks.at(-1)?.body.toString()).toBe('{"model":"tiny:latest","verbose":true}');
  });

  test.each(['{"model":"fast"}', '{"name":"FAST:latest"}', '{"model":"","name":"fast"}'])(
    "an alias is shown as its target: %s",
    async (body) => {
      expect(await (await show(body)).text()).toBe(SHOWN);
      expect(ollama.talks.at(-1)?.body.toString()).toBe(
        body.replace(/fast(:latest)?|(?<="model":")(?=")/gi, "tiny:latest"),
      );
    },
  );

  test("Copilot gets the name that it asked for, and all else as it came", async () => {
    const answer = await show('{"model":"fast"}', { "user-agent": "GitHubCopilotChat/0.30.0" });
    const expected = SHOWN.replace(/("general\.basename":)"[^"]*"/, '$1"fast"');
    expect(expected).not.toBe(SHOWN);
    expect(await answer.text()).toBe(expected);
  });

  test("a model that another engine has as well is shown by the Ollama", async () => {
    expect(await (await show('{"model":"both"}')).text()).toBe(SHOWN);
  });

  test("an Ollama's own refusal is passed on", async () => {
    ollama.behave((talk) => talk.answer(500, '{"error":"odd"}'));
    const answer = await show('{"model":"tiny"}');
    expect([answer.status, await answer.text()]).toEqual([500, '{"error":"odd"}']);
  });
});

describe("for another engine", () => {
  test.each(["Big.gguf", "large"])("%s is shown with all that is known of it", async (name) => {
    const answer = await show(JSON.stringify({ model: name }));
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.json()).toEqual({
      modelfile: expect.stringMatching(/^#.*\n$/),
      parameters: "",
      template: "",
      details: {
        parent_model: "",
        format: "gguf",
        family: "",
        families: [],
        parameter_size: "8.0B",
        quantization_level: "Q8_0",
      },
      model_info: {
        "general.architecture": "unknown",
        "general.basename": name,
        "unknown.context_length": 8192,
      },
      capabilities: ["completion", "vision"],
      modified_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });
});

test("an unknown model is not found, under its name with a tag", async () => {
  const answer = await show('{"model":"nosuch"}');
  expect([answer.status, await answer.json()]).toEqual([404, { error: "model 'nosuch:latest' not found" }]);
});

test("a model that belongs to a backend that is down may come back", async () => {
  const answer = await show('{"model":"gone"}');
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toEqual({
    error: 'no backend that has "gone" is up (dead: connection refused)',
  });
});
