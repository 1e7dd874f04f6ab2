/** Asked by an alias, an Ollama's model answers byte for byte as it does by its own name, but for that name. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { call, type CapturedCall, isForwarded } from "../support/captured-call.ts";
import { renamed } from "../support/captured-names.ts";
import { captures } from "../support/captures.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { type Replay, replayedOllama, WANTED } from "../support/replay.ts";

/** Calls of a model whose answers name it, if at all, as it was asked. */
const CALLS = [...captures("ollama-").values()].filter(isForwarded).filter(isOfModel);

let engine: Replay;
let router: Mellamo;
beforeAll(async () => {
  engine = await replayedOllama();
  router = await mellamo(`[[backend]]\nurl = "${engine.url}"\n[aliases]\n"our-*" = "*"\n`);
});
afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

test.concurrent.each(CALLS.map((one) => [one.name, one] as const))(
  "%s, asked by an alias",
  async (name, original) => {
    const [asked = "", model = ""] = /"model":"([^"]+)"/.exec(bodyText(original)) ?? [];
    const body = Buffer.from(bodyText(original).replace(asked, `"model":"our-${model}"`));
    const answer = await call(router.port, original, body);
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe(renamed(original, `our-${model}`).body.toString());
    const upstream = engine.replayed.find(({ request }) => request.headers.get(WANTED) === name);
    expect(upstream?.request.body.toString()).toBe(
      bodyText(original).replace(asked, `"model":"${model}:latest"`),
    );
  },
);

function isOfModel({ request, status, body }: CapturedCall): boolean {
  // an alias does not stand for what is yet to be pulled, created or copied
  if (/^\/api\/(pull|push|create|copy|delete)$/.test(request.path) || status !== 200) return false;
  // nor is it a promise which of two names counts, or what becomes of an empty one
  const names = bodyText({ request }).match(/^\{"model":"[^"]+"(?!,"(model|name)":)/);
  return names !== null && !body.includes('"model":""');
}

function bodyText({ request }: Pick<CapturedCall, "request">): string {
  return request.body?.toString() ?? "";
}
