/** What goes wrong reaches users of the official OpenAI client as the class of error they look for, and is not tried again in vain. */

import { expect } from "bun:test";

import OpenAI from "openai";

import { failureLike } from "../support/failure.ts";
import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { fieldOf, requestsTo } from "../support/request-log.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const stage = llamaStage(
  { tiny: { alias: "org/Tiny-Model.gguf" } },
  '[server]\nmax_body = "64KiB"\n\n[aliases]\n"gpt-4o" = "org/Tiny-Model.gguf"\n"lost" = "no-such-model"\n',
);

/** With the retries it has by itself. */
const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none" });

const CHAT = "/v1/chat/completions";

/** How many requests a call makes. */
async function triesOf(path: string, call: () => Promise<void>): Promise<number> {
  const before = await requestsTo(path, stage.router);
  await call();
  return (await requestsTo(path, stage.router)).length - before.length;
}

testWithLlama("an unknown model is a NotFoundError at the first try, streamed or not", async () => {
  for (const stream of [false, true]) {
    const tries = await triesOf(CHAT, async () => {
      const failure = await failureLike(
        OpenAI.NotFoundError,
        client().chat.completions.create({ model: "gpt-4p", messages: [QUESTION], stream }),
      );
      expect(failure.status).toBe(404);
      expect(failure.type).toBe("not_found_error");
      expect(failure.message).toBe(`404 model 'gpt-4p' not found; did you mean "gpt-4o"?`);
    });
    expect(tries).toBe(1);
  }
});

testWithLlama("an alias whose target nobody has is a NotFoundError", async () => {
  const failure = await failureLike(
    OpenAI.NotFoundError,
    client().completions.create({ model: "lost", prompt: "" }),
  );
  expect(failure.message).toContain("'lost'");
});

testWithLlama("what the engine finds wrong with a request is a BadRequestError in its words", async () => {
  const tries = await triesOf(CHAT, async () => {
    const body = { model: "gpt-4o" };
    const failure = await failureLike(OpenAI.BadRequestError, client().post("/chat/completions", { body }));
    expect(failure.message).toBe("400 'messages' is required");
    expect(failure.type).toBe("invalid_request_error");
  });
  expect(tries).toBe(1);
});

testWithLlama.each([
  ["missing", {}, "400 model is required"],
  ["no text", { model: 7 }, "400 json: cannot unmarshal number into Go struct field"],
  ["blank", { model: " " }, "400 invalid model name"],
])("a model that is %s is a BadRequestError", async (_, body, message) => {
  const failure = await failureLike(OpenAI.BadRequestError, client().post("/chat/completions", { body }));
  expect(failure.message).toStartWith(message);
});

testWithLlama("a body that is far too large is an error with status 413, not a lost connection", async () => {
  const tries = await triesOf(CHAT, async () => {
    const content = "x".repeat(8 * 1024 * 1024);
    const failure = await failureLike(
      OpenAI.APIError,
      client().chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content }] }),
    );
    expect(failure).toHaveProperty("status", 413);
    expect(failure.message).toBe("413 request body is larger than 64KiB");
  });
  expect(tries).toBe(1);
});

testWithLlama("an engine that was not started for embeddings says so by status 501", async () => {
  const call = client().embeddings.create({ model: "gpt-4o", input: "the sky" }, { maxRetries: 0 });
  const failure = await failureLike(OpenAI.InternalServerError, call);
  expect(failure.status).toBe(501);
  expect(failure.message).toContain("This server does not support embeddings");
});

testWithLlama("a path that no engine of the model serves is an error with status 501", async () => {
  const call = client().images.generate({ model: "gpt-4o", prompt: "the sky" }, { maxRetries: 0 });
  const failure = await failureLike(OpenAI.InternalServerError, call);
  expect(failure.status).toBe(501);
  expect(failure.message).toStartWith(
    '501 "gpt-4o" is served by tiny (llama.cpp), which has no /v1/images/generations',
  );
});

testWithLlama("an error's request id is found in the router's log", async () => {
  const failure = await failureLike(
    OpenAI.NotFoundError,
    client().chat.completions.create({ model: "unheard-of", messages: [] }),
  );
  const line = (await requestsTo(CHAT, stage.router)).at(-1) ?? "";
  expect(fieldOf(line, "id")).toBe(failure.requestID ?? "none");
  expect(fieldOf(line, "status")).toBe("404");
});
