/** Calls to `/mellamo/backends/NAME/load`, `…/unload` and `…/pull`: what they refuse, and how. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { type Said, say } from "../support/say.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

let ollama: ManagingOllama;
let other: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  ollama = await managingOllama(["m"]);
  other = await rawBackend(["m"], noSuchPath);
  router = await routerOver(
    {
      gpu: { url: ollama.url, engine: "ollama" },
      "10.0.0.1:80": { url: ollama.url, engine: "ollama" },
      other: { url: other.url, engine: "vllm" },
      shed: { url: NOBODY, engine: "ollama" },
    },
    '[aliases]\nfast = "m"\n"gpt-*" = "m"\nlost = "nobody"\n',
  );
});

afterAll(async () => {
  await Promise.all([router, ollama, other].map((one) => one[Symbol.asyncDispose]()));
});

function tell(path: string, body: string = '{"model":"m"}', headers: readonly string[] = []): Promise<Said> {
  ollama.deeds.length = 0;
  return say(router.port, `POST /mellamo/backends/${path}`, headers, body);
}

/** Status, and body as JSON. */
function jsonOf({ status, headers, body }: Said): [number, unknown] {
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  return [status, JSON.parse(body)];
}

const DEEDS = ["load", "unload", "pull"] as const;
const ONLY_MODEL = 'the body must be an object with "model" and nothing else';

describe.each(["load", "unload"])("%s", (deed) => {
  test.each([
    "",
    "{",
    "null",
    "[]",
    '"m"',
    "{}",
    '{"model":1}',
    '{"model":null}',
    '{"model":"m","keep_alive":0}',
    '{"name":"m"}',
  ])("of the body %j is refused", async (body) => {
    expect(jsonOf(await tell(`gpu/${deed}`, body))).toEqual([400, { error: ONLY_MODEL }]);
    expect(ollama.deeds).toEqual([]);
  });

  test.each(["nobody", "", " ", "m:8b", "lost", "a\\u0000b"])(
    "of %j, which is not there, is refused",
    async (name) => {
      const said = jsonOf(await tell(`gpu/${deed}`, `{"model":"${name}"}`));
      expect(said).toEqual([404, { error: expect.stringMatching(/^gpu has no "/) }]);
      expect(ollama.deeds).toEqual([]);
    },
  );

  test.each(["m", "M:latest", "fast", "gpt-4"])("of %j tells what it is there", async (name) => {
    expect(jsonOf(await tell(`gpu/${deed}`, `{"model":"${name}"}`))).toEqual([
      200,
      { backend: "gpu", model: "m:latest", ms: expect.any(Number) },
    ]);
    expect(ollama.deeds).toEqual([expect.stringMatching(/^POST \/api\/generate \{"model":"m:latest"/)]);
  });

  test("of a body that is too long is refused", async () => {
    const { status } = await tell(`gpu/${deed}`, JSON.stringify({ model: "m".repeat(70_000) }));
    expect(status).toBe(413);
  });
});

test("unload of an engine that keeps its model is refused, load of it is done already", async () => {
  expect(jsonOf(await tell("other/load"))).toEqual([
    200,
    { backend: "other", model: "m", ms: expect.any(Number) },
  ]);
  expect(jsonOf(await tell("other/unload"))).toEqual([
    502,
    { error: "other: vLLM keeps it in memory as long as it runs" },
  ]);
});

test.each([
  ["", 400, "missing request body"],
  ["{", 400, "unexpected EOF"],
  ["[]", 400, "json: cannot unmarshal array into Go value of type api.PullRequest"],
  ["{}", 400, "invalid model name"],
  ['{"model":""}', 400, "invalid model name"],
  ['{"model":"a\\u0000b"}', 400, "invalid model name"],
  ['{"model":1}', 400, "json: cannot unmarshal number into Go struct field PullRequest.model of type string"],
])("pull of the body %j is refused in Ollama's words", async (body, status, error) => {
  expect(jsonOf(await tell("gpu/pull", body))).toEqual([status, { error }]);
  expect(ollama.deeds).toEqual([]);
});

test("pull passes on all that an Ollama understands", async () => {
  const { status, body } = await tell("gpu/pull", '{"insecure":true, "name":"fast","stream":true}');
  expect([status, body]).toEqual([200, '{"status":"working"}\n{"status":"success"}\n']);
  expect(ollama.deeds).toEqual(['POST /api/pull {"insecure":true, "name":"m:latest","stream":true}']);
});

test("pull to what is no Ollama is 501, to what is down 503", async () => {
  expect(jsonOf(await tell("other/pull"))).toEqual([
    501,
    { error: "other is no Ollama, and no other engine manages models" },
  ]);
  expect(jsonOf(await tell("shed/pull"))).toEqual([503, { error: "shed: connection refused" }]);
});

describe.each(DEEDS)("%s", (deed) => {
  test.each([
    ["gpx", 'no backend is called "gpx", did you mean "gpu"?'],
    ["GPU", 'no backend is called "GPU", did you mean "gpu"?'],
    ["somewhere", 'no backend is called "somewhere"'],
    ["%67px", 'no backend is called "gpx", did you mean "gpu"?'],
    ["gpu/gpu", 'no backend is called "gpu/gpu"'],
  ])("at %p is refused: there is none", async (name, error) => {
    expect(jsonOf(await tell(`${name}/${deed}`))).toEqual([404, { error }]);
  });

  test.each(["gpu", "%67pu", "10.0.0.1:80", "10.0.0.1%3A80"])("at %p finds its backend", async (name) => {
    expect((await tell(`${name}/${deed}`)).status).toBe(200);
    expect(ollama.deeds).toHaveLength(1);
  });

  test("at one that is down is 503", async () => {
    expect(jsonOf(await tell(`shed/${deed}`))).toEqual([503, { error: "shed: connection refused" }]);
  });

  test.each(["GET", "PUT", "DELETE", "HEAD"])("by %s is no call of it", async (method) => {
    const answer = await fetch(`${router.url}/mellamo/backends/gpu/${deed}`, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("from a page of somebody else's is refused", async () => {
    const said = await tell(`gpu/${deed}`, '{"model":"m"}', ["Origin: https://evil.example"]);
    expect([said.status, ollama.deeds]).toEqual([403, []]);
  });
});
