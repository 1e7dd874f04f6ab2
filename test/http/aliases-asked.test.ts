/** Asked by a stored alias, a model answers byte for byte as it did through the last Ollama that had aliases. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { capture, captures } from "../support/captures.ts";
import { saidIn, sayAgain } from "../support/say.ts";

const TINY = { target: "tiny" };
const ALIASES = [
  ...["fast", "fast:v1", "me/fast", "dangling:v1"].map((alias) => ({ alias, ...TINY })),
  { alias: "dangling", target: "nosuch" },
  { alias: "c1", target: "c2" },
  { alias: "c2", target: "c3" },
  { alias: "c3", ...TINY },
  { alias: "pre-", ...TINY, prefix_matching: true },
  { alias: "pre-long-", target: "nosuch", prefix_matching: true },
  { alias: "viachain-", target: "c1", prefix_matching: true },
  { alias: "tiny", target: "other", prefix_matching: true },
  ...Array.from({ length: 11 }, (_, at) => ({
    alias: `h${at + 1}`,
    target: at < 10 ? `h${at + 2}` : "tiny",
  })),
];

/** Where one of the names on the way was taken away, and where the store was broken. */
const OTHERWISE = ["chain-broken-chat", "file-bad-chat", "file-cycle-chat"];
/** What an Ollama did not follow. */
const UNLIKE = ["alias-to-prefix-chat", "prefix-slash-chat", "prefix-star-chat"];

const ASKED = [...captures("ollama-alias-").values()].filter(
  ({ name, request }) =>
    /^\/(api\/(chat|generate)|v1\/(chat|completions|responses|messages))/.test(request?.path ?? "") &&
    ![...OTHERWISE, ...UNLIKE].includes(short(name)),
);
const ANSWERED = ASKED.filter(({ status }) => status === 200).map(({ name }) => short(name));
const UNKNOWN = ASKED.filter(({ status }) => status === 404).map(({ name }) => short(name));

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage();
  await setAliases(stage, ...ALIASES);
});
afterAll(() => stage[Symbol.asyncDispose]());

test.each(ANSWERED)("%s", async (name) => {
  const wanted = saidIn(`ollama-alias-${name}`);
  const type = wanted.headers.get("content-type") ?? "";
  stage.engine.behave((talk) => talk.answer(200, byEngine(wanted.body), { "content-type": type }));
  const answer = await sayAgain(stage.router.port, `ollama-alias-${name}`);
  expect([answer.status, answer.body]).toEqual([wanted.status, wanted.body]);
  expect(answer.headers.get("content-type")).toBe(type);
  const asked = stage.engine.talks.at(-1)?.body.toString();
  expect(asked).toContain(name === "prefix-shadow-chat-longer" ? '"other:latest"' : '"tiny:latest"');
});

test.each(UNKNOWN)("%s: in Ollama's words, and the nearest names after them", async (name) => {
  const { body } = capture(`ollama-alias-${name}`);
  const answer = await sayAgain(stage.router.port, `ollama-alias-${name}`);
  const [words = ""] = /\w+ '[^"]+/.exec(body.toString()) ?? [];
  expect(answer.status).toBe(404);
  expect(answer.body).toContain(`"${words}`);
});

test("none of them was left out", () => {
  expect([ANSWERED.length, UNKNOWN.length]).toEqual([25, 6]);
});

/** The answer as it is given by an engine that knows nothing of aliases. */
function byEngine(body: string): string {
  return body.replaceAll(/"model":"[^"]*"/g, '"model":"tiny:latest"');
}

function short(name: string): string {
  return name.replace("ollama-alias-", "");
}
