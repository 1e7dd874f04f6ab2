/** With `copy = "model"`, `ollama cp` copies a model on the Ollama that has it. */

import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";

import { aliasList, setAliases } from "../support/alias-api.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";

let first: ManagingOllama;
let second: ManagingOllama;
let router: Mellamo;

beforeAll(async () => {
  first = await managingOllama(["one"]);
  second = await managingOllama(["Two", "hf.co/org/repo:Q4"]);
  router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
      dead: { url: NOBODY, engine: "ollama" },
    },
    '[server]\ncopy = "model"\n[models]\ngone = "dead"\n[aliases]\nfast = "two"\n"gpt-*" = "one"\n',
  );
});

beforeEach(() => {
  first.deeds.length = 0;
  second.deeds.length = 0;
});

afterAll(async () => {
  await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
});

function copy(body: string): Promise<Response> {
  return fetch(`${router.url}/api/copy`, { method: "POST", body });
}

test.each<[string, string, string[], string[]]>([
  [
    "a model where it is",
    '{"source":"two","destination":"x1"}',
    [],
    ['POST /api/copy {"source":"Two:latest","destination":"x1"}'],
  ],
  [
    "an alias's target",
    '{"destination":"x2","source":"FAST"}',
    [],
    ['POST /api/copy {"destination":"x2","source":"Two:latest"}'],
  ],
  [
    "the target of a pattern",
    '{"source":"gpt-4","destination":"x3"}',
    ['POST /api/copy {"source":"one:latest","destination":"x3"}'],
    [],
  ],
  [
    "a model by a long name",
    '{"source":"HF.co/Org/Repo:q4","destination":"x4"}',
    [],
    ['POST /api/copy {"source":"hf.co/org/repo:Q4","destination":"x4"}'],
  ],
])("%s is copied", async (_, body, onFirst, onSecond) => {
  const answer = await copy(body);
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
  expect(answer.headers.get("content-length")).toBe("0");
  expect({ first: first.deeds, second: second.deeds }).toEqual({ first: onFirst, second: onSecond });
});

test("of a stored alias the model is copied, and the alias stays what it is", async () => {
  await setAliases(router, { alias: "mine", target: "one" });
  const answer = await copy('{"source":"Mine","destination":"x5"}');
  expect(answer.status).toBe(200);
  expect(first.deeds).toEqual(['POST /api/copy {"source":"one:latest","destination":"x5"}']);
  expect(await aliasList(router)).toContainEqual({ alias: "mine", target: "one" });
});

test("a copy of the name of an alias of the file is refused, and no Ollama hears of it", async () => {
  const answer = await copy('{"source":"one","destination":"FAST"}');
  const error = 'alias "fast" is defined in the configuration file';
  expect([answer.status, await answer.json()]).toEqual([409, { error }]);
  expect(first.deeds).toEqual([]);
});

test("what the Ollama has against it is passed on", async () => {
  second.behave((talk) => talk.answer(400, '{"error":"destination \\"bad name!\\" is invalid"}'));
  const answer = await copy('{"source":"two","destination":"bad name!"}');
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: 'destination "bad name!" is invalid' },
  ]);
});

test("an unknown model cannot be copied", async () => {
  const answer = await copy('{"source":"nosuch","destination":"y"}');
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'model "nosuch" not found' }]);
});

test("a model on an Ollama that is down cannot be copied now", async () => {
  const answer = await copy('{"source":"gone","destination":"y"}');
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
});

test.each(['{"source":"","destination":"y"}', '{"destination":"y"}', '{"model":"two","destination":"y"}'])(
  "without a source there is nothing to copy: %s",
  async (body) => {
    const answer = await copy(body);
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'source "" is invalid' }]);
  },
);
