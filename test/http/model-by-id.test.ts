/** One model is shown by any name that can be asked for, in the path of its URL. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { canned, type FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

let ollama: FakeEngine;
let openai: FakeEngine;
let router: Mellamo;

beforeAll(async () => {
  ollama = canned(ollamaLists([tagsRow("tiny:latest"), tagsRow("hf.co/org/repo:Q4_K_M")]));
  openai = canned({ "/v1/models": { data: [{ id: "Org/Model@q4", owned_by: "them" }, { id: "100%" }] } });
  router = await routerOver(
    { a: { url: ollama.url, engine: "ollama" }, o: { url: openai.url, engine: "openai" } },
    '[aliases]\n"gpt-4o" = "tiny"\n"claude-*" = "tiny"\n"a/b/c/d/e" = "Org/Model@q4"\nloop = "nosuch"\n',
  );
});

afterAll(async () => {
  await Promise.all([router, ollama, openai].map((one) => one[Symbol.asyncDispose]()));
});

test.each([
  ["tiny", "tiny"],
  ["tiny:latest", "tiny:latest"],
  ["TINY", "TINY"],
  ["library/tiny", "library/tiny"],
  ["library%2Ftiny", "library/tiny"],
  ["registry.ollama.ai%2Flibrary%2Ftiny%3Alatest", "registry.ollama.ai/library/tiny:latest"],
  ["hf.co/org/repo:Q4_K_M", "hf.co/org/repo:Q4_K_M"],
  ["hf.co%2Forg%2Frepo%3AQ4_K_M", "hf.co/org/repo:Q4_K_M"],
  ["hf.co/org%2frepo:q4_k_m/", "hf.co/org/repo:q4_k_m"],
  ["Org/Model@q4", "Org/Model@q4"],
  ["Org%2FModel%40q4", "Org/Model@q4"],
  ["gpt-4o", "gpt-4o"],
  ["gpt-4o:latest?limit=1", "gpt-4o:latest"],
  ["claude-3-haiku", "claude-3-haiku"],
  ["a/b/c%2Fd/e", "a/b/c/d/e"],
  ["100%25", "100%"],
])("/v1/models/%s is the model under the name that was asked", async (path, name) => {
  const said = await say(router.port, `GET /v1/models/${path}`);
  expect(said.status).toBe(200);
  expect(said.headers.get("content-type")).toBe("application/json");
  expect(said.body).toEndWith("}\n");
  expect(JSON.parse(said.body)).toMatchObject({
    id: name,
    display_name: name,
    object: "model",
    type: "model",
  });
});

test("an alias has its target's times and owner", async () => {
  const [alias, target] = await Promise.all(
    ["gpt-4o", "tiny:latest"].map(async (name) => {
      const answer = await fetch(`${router.url}/v1/models/${name}`);
      return (await answer.json()) as object;
    }),
  );
  expect({ ...alias, id: "", display_name: "" }).toEqual({ ...target, id: "", display_name: "" });
  expect(target).toMatchObject({ owned_by: "library", created: 1772359200 });
});

// together: for an unknown name the backends are looked at again, but not for each one by itself
test.concurrent.each([
  ["nosuch", "model 'nosuch:latest' not found"],
  ["nosuch:7b", "model 'nosuch:7b' not found"],
  ["tiny:1b", "model 'tiny:1b' not found"],
  ["loop", "model 'loop:latest' not found"],
  ["library%252Ftiny", "model 'library%2Ftiny:latest' not found"],
])("/v1/models/%s is not found, and Ollama's words say so first", async (path, message) => {
  const said = await say(router.port, `GET /v1/models/${path}`);
  expect(said.status).toBe(404);
  const { error } = JSON.parse(said.body) as { error: { message: string; type: string } };
  expect(error.message).toStartWith(message);
  expect(error.type).toBe("not_found_error");
});

test.concurrent("who mistyped is told what is near", async () => {
  const said = await say(router.port, "GET /v1/models/gpt-40");
  expect(said.body).toContain(`model 'gpt-40:latest' not found; did you mean \\"gpt-4o\\"?`);
});

test.each(["%00", "a%0Ab", "%20", "%C2%85"])("/v1/models/%s cannot be a name", async (path) => {
  const said = await say(router.port, `GET /v1/models/${path}`);
  expect(said.status).toBe(400);
  expect(JSON.parse(said.body)).toMatchObject({ error: { message: "invalid model name" } });
});

test.concurrent("no name leads out of /v1/models to an engine", async () => {
  const said = await say(router.port, "GET /v1/models/..%2F..%2Fapi%2Fdelete");
  expect(said.status).toBe(404);
});
