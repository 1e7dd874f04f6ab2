/** What the official Anthropic client says in its query and headers reaches the engine, which alone knows what to make of it. */

import { expect, test } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";

import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { mellamo } from "../support/mellamo.ts";
import { QUESTION } from "../support/tiny-talk.ts";

test("betas, versions and the query reach the engine, and its headers the client", async () => {
  await using engine = await rawBackend(["m"], (talk) =>
    talk.answer(200, '{"type":"message","model":"m","content":[]}', {
      "content-type": "application/json",
      "anthropic-organization-id": "org",
      "request-id": "engine-7",
    }),
  );
  await using router = await mellamo(
    `${backendTable("b", engine.url, 'engine = "sglang"')}[aliases]\n"claude-next" = "m"\n`,
  );
  const client = new Anthropic({ baseURL: router.url, apiKey: "none" });
  const asked = { model: "claude-next", max_tokens: 9, messages: [QUESTION], betas: ["a-1", "b-2"] };
  const call = client.beta.messages.create(asked, { query: { beta: "true" } });
  const { data, response, request_id: id } = await call.withResponse();

  const { path, headers, body } = await engine.talk(0);
  expect(path).toBe("/v1/messages?beta=true");
  expect(headers.get("anthropic-beta")).toBe("a-1,b-2");
  expect(headers.get("anthropic-version")).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(JSON.parse(body.toString())).toEqual({ model: "m", max_tokens: 9, messages: [QUESTION] });
  expect(data.model).toBe("claude-next");
  expect(response.headers.get("anthropic-organization-id")).toBe("org");
  expect(id).toBe("engine-7");
});
