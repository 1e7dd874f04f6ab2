/** Whoever finds the queue full, or has waited in it too long, reads Ollama's own words in the shape of its dialect. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS, untilWaiting } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { requestsTo } from "../support/request-log.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** Ollama's, two blanks included. */
const BUSY = "server busy, please try again.  maximum pending requests exceeded";

const OLLAMA = { error: BUSY };
const OPENAI = { error: { message: BUSY, type: "api_error", param: null, code: null } };
const ANTHROPIC = {
  type: "error",
  error: { type: "overloaded_error", message: BUSY },
  request_id: expect.any(String) as string,
};

const PATHS: readonly (readonly [path: string, shape: object])[] = [
  ["/api/chat", OLLAMA],
  ["/api/generate", OLLAMA],
  ["/api/embed", OLLAMA],
  ["/api/embeddings", OLLAMA],
  ["/v1/chat/completions", OPENAI],
  ["/v1/completions", OPENAI],
  ["/v1/embeddings", OPENAI],
  ["/v1/responses", OPENAI],
  ["/v1/messages", ANTHROPIC],
];

const LIMITS: readonly (readonly [sentence: string, toml: string, waits: boolean])[] = [
  ["nobody may wait", "queue_size = 0", false],
  ["it has waited as long as it may", 'queue_timeout = "100ms"', true],
  ["it may wait for no time at all", 'queue_timeout = "0s"', false],
];

describe.each(LIMITS)("where %s", (_, toml, waits) => {
  let engine: RawBackend;
  let router: Mellamo;

  beforeAll(async () => {
    engine = await rawBackend(["m"], () => {}, "ollama");
    router = await routerOver(
      { b: { url: engine.url, engine: "ollama", max_inflight: 1 } },
      `[routing]\n${toml}\n`,
    );
    ask(router);
    await within(SOON_MS, engine.talk(0));
  });

  afterAll(async () => {
    await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
  });

  test.each(PATHS)("%s", async (path, shape) => {
    const asked = ask(router, "", { path, more: { messages: [], stream: true } });
    const answer = await within(SOON_MS, asked.answer);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(answer.headers.get("content-type")).toStartWith("application/json");
    expect(Number(answer.headers.get("x-mellamo-queue-ms"))).toBeGreaterThanOrEqual(waits ? 100 : 0);
    expect(await answer.json()).toEqual(shape);
  });

  test("the engine hears of none of them, the owner of each", async () => {
    expect(engine.talks).toHaveLength(1);
    await untilWaiting(router, 0);
    const [line = ""] = await requestsTo("/api/chat", router);
    expect(line).toContain(`status=503 `);
    expect(line).toContain(`problem=busy why="${BUSY}"`);
  });
});
