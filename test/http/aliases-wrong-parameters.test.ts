/** What no model can be asked for is refused with one sentence that says where it stands; nothing changes then. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const BEFORE = { alias: "x", target: "other", options: { seed: 1 } };

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage();
  await setAliases(stage, BEFORE);
});
afterAll(() => stage[Symbol.asyncDispose]());

const TABLE = "expected a table of options such as { num_ctx = 8192 }";
const DURATION = 'expected a duration such as "30m", a number of seconds, or -1 for ever';
const FORCE = 'force may hold "options" and "keep_alive", and nothing else';
const GO = "json: cannot unmarshal";

/** The keys of a body as they are written, and what is said of them. */
const WRONG: readonly (readonly [keys: string, words: string])[] = [
  ['"options":5', `${GO} number into Go struct field aliasEntry.options of type map[string]interface {}`],
  ['"options":[]', `${GO} array into Go struct field aliasEntry.options of type map[string]interface {}`],
  ['"options":"{}"', `${GO} string into Go struct field aliasEntry.options of type map[string]interface {}`],
  ['"force":true', `${GO} bool into Go struct field aliasEntry.force of type server.aliasForce`],
  ['"force":[]', `${GO} array into Go struct field aliasEntry.force of type server.aliasForce`],
  ['"options":{"num_ctx":"8192"}', 'options.num_ctx: expected a whole number from 1 on, got "8192"'],
  ['"options":{"num_ctx":0}', "options.num_ctx: expected a whole number from 1 on, got 0"],
  ['"options":{"num_ctx":-1}', "options.num_ctx: expected a whole number from 1 on, got -1"],
  ['"options":{"num_ctx":8192.5}', "options.num_ctx: expected a whole number from 1 on, got 8192.5"],
  ['"options":{"num_ctx":null}', "options.num_ctx: expected a whole number from 1 on"],
  ['"options":{"seed":18446744073709551615}', "options.seed: expected a whole number, got 1844674407370955"],
  ['"options":{"temperature":"hot"}', 'options.temperature: expected a number, got "hot"'],
  ['"options":{"temperature":1e400}', "options.temperature: expected a number, got Infinity"],
  ['"options":{"stop":"a"}', 'options.stop: expected a list of strings, got "a"'],
  ['"options":{"stop":["a",1]}', "options.stop: expected a list of strings"],
  ['"options":{"use_mmap":1}', "options.use_mmap: expected true or false, got 1"],
  ['"options":{"num_ctxt":8192}', 'options.num_ctxt: unknown option, did you mean "num_ctx"?'],
  ['"options":{"NUM_CTX":8192}', 'options.NUM_CTX: unknown option, did you mean "num_ctx"?'],
  [
    '"options":{"newer":{"a":1}}',
    "options.newer: expected a number, a string, true or false, or a list of them",
  ],
  [
    '"options":{"newer":null}',
    "options.newer: expected a number, a string, true or false, or a list of them",
  ],
  [
    '"options":{"newer":[[1]]}',
    "options.newer: expected a number, a string, true or false, or a list of them",
  ],
  ['"keep_alive":"soon"', `keep_alive: ${DURATION}`],
  ['"keep_alive":""', `keep_alive: ${DURATION}`],
  ['"keep_alive":true', `keep_alive: ${DURATION}`],
  ['"keep_alive":["30m"]', `keep_alive: ${DURATION}`],
  ['"keep_alive":1e400', `keep_alive: ${DURATION}`],
  ['"force":{"keep_alive":-1e400}', `force.keep_alive: ${DURATION}`],
  ['"keep_alive":{}', `keep_alive: ${DURATION}`],
  ['"force":{"options":5}', `force.options: ${TABLE}`],
  [
    '"force":{"options":{"num_ctx":"8192"}}',
    'force.options.num_ctx: expected a whole number from 1 on, got "8192"',
  ],
  ['"force":{"keep_alive":"soon"}', `force.keep_alive: ${DURATION}`],
  ['"force":{"num_ctx":8192}', FORCE],
  ['"force":{"options":{"seed":1},"echo":true}', FORCE],
  ['"options":{"seed":1', "unexpected EOF"],
  ['"options":{"seed":}', 'invalid JSON in "options"'],
  ['"force":{"options":{"seed":1,}}', 'invalid JSON in "force"'],
  // of duplicates the last counts
  ['"options":{"seed":1},"options":{"seed":"x"}', 'options.seed: expected a whole number, got "x"'],
];

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(WRONG)("%s", async (keys, words) => {
    const body = `{"alias":"x","target":"tiny",${keys}${words === "unexpected EOF" ? "" : "}"}`;
    const answer = await aliasCall(stage, "POST", body, path);
    expect(answer).toEqual({
      status: 400,
      body: { error: expect.stringMatching(new RegExp(`^${RegExp.escape(words)}.*$`)) },
      warning: null,
    });
    expect(await aliasList(stage)).toEqual([BEFORE]);
  });
});

test.each([100, 3000, 100_000, 500_000])("lists within lists, %d deep", async (depth) => {
  const nest = (inner: string): string => `${"[".repeat(depth)}${inner}${"]".repeat(depth)}`;
  for (const keys of [`"options":{"newer":${nest("1")}}`, `"options":{"stop":${nest('"a"')}}`]) {
    const answer = await aliasCall(stage, "POST", `{"alias":"x","target":"tiny",${keys}}`);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^options\.\w+: /) } });
  }
  expect(await aliasList(stage)).toEqual([BEFORE]);
});

test("names that mean something to programs are names of options as any other", async () => {
  const entry = '{"alias":"y","target":"tiny","options":{"__proto__":1,"constructor":"x","toString":true}}';
  const { status, body } = await aliasCall(stage, "POST", entry);
  expect([status, JSON.stringify(body)]).toEqual([200, entry]);
  expect(await stage.ask("y")).toBe("tiny:latest");
  const [talk] = stage.engine.talks.slice(-1);
  expect(talk?.body.toString()).toStartWith(
    '{"options":{"__proto__":1,"constructor":"x","toString":true},"model"',
  );
  await stage.restart();
  expect(JSON.stringify(await aliasList(stage))).toBe(`[${JSON.stringify(BEFORE)},${entry}]`);
});
