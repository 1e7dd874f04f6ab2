/** What goes wrong reaches users of the official Anthropic client as the class of error they look for. */

import { expect } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";

import { failureLike } from "../support/failure.ts";
import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { requestsTo } from "../support/request-log.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const stage = llamaStage(
  { tiny: { alias: "org/Tiny-Model.gguf" } },
  '[server]\nmax_body = "64KiB"\n\n[aliases]\n"claude-next" = "org/Tiny-Model.gguf"\n',
);

/** With the retries it has by itself. */
const client = (): Anthropic => new Anthropic({ baseURL: stage.url, apiKey: "none" });

const ASKED = { max_tokens: 100, messages: [QUESTION] };

testWithLlama("an unknown model is a NotFoundError at the first try, streamed or not", async () => {
  for (const stream of [false, true]) {
    const before = await requestsTo("/v1/messages", stage.router);
    const failure = await failureLike(
      Anthropic.NotFoundError,
      client().messages.create({ model: "claude-nxt", ...ASKED, stream }),
    );
    expect(failure.type).toBe("not_found_error");
    expect(failure.error).toEqual({
      type: "error",
      error: {
        type: "not_found_error",
        message: `model 'claude-nxt' not found; did you mean "claude-next"?`,
      },
      request_id: expect.stringMatching(/^req_/),
    });
    expect(await requestsTo("/v1/messages", stage.router)).toHaveLength(before.length + 1);
  }
});

testWithLlama("an unknown model has no tokens to count", async () => {
  const call = client().messages.countTokens({ model: "none", messages: [QUESTION] });
  expect((await failureLike(Anthropic.NotFoundError, call)).type).toBe("not_found_error");
});

testWithLlama(
  "a conversation that is too long for the engine is a BadRequestError in its words",
  async () => {
    const messages = [{ role: "user" as const, content: "x".repeat(10_000) }];
    const call = client().messages.create({ model: "claude-next", max_tokens: 100, messages });
    const failure = await failureLike(Anthropic.BadRequestError, call);
    expect(failure.message).toContain("exceeds the available context size");
    expect(failure.error).toHaveProperty("error.type", "exceed_context_size_error");
  },
);

testWithLlama("a request without a model is a BadRequestError", async () => {
  const failure = await failureLike(
    Anthropic.BadRequestError,
    client().post("/v1/messages", { body: ASKED }),
  );
  expect(failure.type).toBe("invalid_request_error");
  expect(failure.message).toContain("model is required");
});

testWithLlama("a body that is far too large is a ContentTooLargeError, not a lost connection", async () => {
  const messages = [{ role: "user" as const, content: "x".repeat(8 * 1024 * 1024) }];
  const before = await requestsTo("/v1/messages", stage.router);
  const failure = await failureLike(
    Anthropic.APIError,
    client().messages.create({ model: "claude-next", max_tokens: 100, messages }),
  );
  expect(failure).toHaveProperty("status", 413);
  expect(failure.message).toContain("request body is larger than 64KiB");
  expect(await requestsTo("/v1/messages", stage.router)).toHaveLength(before.length + 1);
});

testWithLlama("the request id in an error is the one in the header, and in the log", async () => {
  const failure = await failureLike(
    Anthropic.NotFoundError,
    client().messages.create({ model: "none", ...ASKED }),
  );
  const id = failure.headers?.get("x-request-id") ?? "no id";
  expect(failure.error).toHaveProperty("request_id", id);
  expect((await requestsTo("/v1/messages", stage.router)).at(-1)).toContain(` id=${id} `);
});
