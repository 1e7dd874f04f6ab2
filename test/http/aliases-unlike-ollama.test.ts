/** Where the alias API promises more than the last Ollama that had it did, as captures of that show. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { saidIn, say, sayAgain } from "../support/say.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(["PUT", "HEAD", "PATCH"])("%s is refused with what is allowed, in JSON", async (method) => {
    const answer = await say(stage.router.port, `${method} ${path}`);
    const body = method === "HEAD" ? "" : '{"error":"405 method not allowed"}';
    expect([answer.status, answer.body]).toEqual([405, body]);
    expect(answer.headers.get("allow")).toBe(saidIn("ollama-alias-err-put-405").headers.get("allow"));
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  test("there is nothing below it, which is said in JSON", async () => {
    const answer = await say(stage.router.port, `GET ${path}/fast`);
    expect([answer.status, answer.body]).toEqual([404, '{"error":"404 page not found"}']);
  });

  test("a slash at its end sends nobody elsewhere", async () => {
    expect(await aliasCall(stage, "GET", undefined, `${path}/`)).toMatchObject({ status: 200 });
  });

  test("a page of this machine may delete aliases", async () => {
    const asked = ["Origin: http://localhost:3000", "Access-Control-Request-Method: DELETE"];
    const { status, headers } = await say(stage.router.port, `OPTIONS ${path}`, asked);
    const wanted = saidIn("ollama-alias-options-preflight");
    expect(status).toBe(wanted.status);
    for (const header of ["allow", "access-control-allow-methods", "access-control-allow-origin"])
      expect(headers.get(header)).toBe(wanted.headers.get(header));
  });
});

describe("a prefix that is no name", () => {
  test.each(["models/", "!", "a//", "x:", "http://", "bad name!", "*", ":latest", "gpt 4"])(
    "%s is kept as it was sent, listed, followed, and can go",
    async (prefix) => {
      const entry = { alias: prefix, target: "tiny", prefix_matching: true };
      expect(await aliasCall(stage, "POST", entry)).toMatchObject({ status: 200, body: entry });
      expect(await aliasList(stage)).toEqual([entry]);
      expect(await stage.ask(`${prefix}foo`)).toBe("tiny:latest");
      await removeAliases(stage, prefix);
      expect(await aliasList(stage)).toEqual([]);
    },
  );
});

test("an alias leads to what a prefix stands for, and a prefix to an alias", async () => {
  await setAliases(
    stage,
    { alias: "pre-", target: "other", prefix_matching: true },
    { alias: "toprefix", target: "pre-x" },
    { alias: "via-", target: "toprefix", prefix_matching: true },
  );
  expect(await Promise.all([stage.ask("toprefix"), stage.ask("via-anything")])).toEqual([
    "other:latest",
    "other:latest",
  ]);
  await removeAliases(stage, "pre-", "toprefix", "via-");
});

describe("calls that did not know an alias know it", () => {
  beforeEach(() => setAliases(stage, { alias: "fast", target: "tiny" }));

  test.each(["show", "embed", "v1-models-id", "copy-from", "model-delete"])("%s", async (name) => {
    expect(saidIn(`ollama-alias-${name}`).status).toBe(404);
    expect((await sayAgain(stage.router.port, `ollama-alias-${name}`)).status).toBe(200);
  });

  test.each(["tags", "v1-models"])("%s", async (name) => {
    expect(saidIn(`ollama-alias-${name}`).body).not.toContain("fast");
    expect((await sayAgain(stage.router.port, `ollama-alias-${name}`)).body).toContain('"fast');
  });
});
