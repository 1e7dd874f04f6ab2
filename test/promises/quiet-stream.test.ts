/** Silence ends nothing: neither a long wait for the first byte nor a long pause in a stream. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

/** Longer than the 10 to 12 s after which Bun gives up on a quiet connection. */
const SILENCE_MS = 15_000;

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["m"], async (talk) => {
    const pausesFirst = talk.body.includes("pause first");
    if (pausesFirst) await Bun.sleep(SILENCE_MS);
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m","n":1}\n\n');
    if (!pausesFirst) await Bun.sleep(SILENCE_MS);
    await talk.chunk('data: {"model":"m","n":2}\n\n');
    await talk.chunk("");
  });
  router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n[aliases]\nx = "m"\n`);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

describe.concurrent("a backend that is silent for 15 s", () => {
  test.each(["before the first byte", "in the middle of a stream"])(
    "%s",
    async (when) => {
      const body = JSON.stringify({
        model: "x",
        prompt: when === "before the first byte" ? "pause first" : "",
      });
      const answer = await fetch(`${router.url}/v1/completions`, { method: "POST", body, timeout: false });
      expect(await answer.text()).toBe('data: {"model":"x","n":1}\n\ndata: {"model":"x","n":2}\n\n');
    },
    SILENCE_MS * 2,
  );
});
