/** Whatever is sent to the alias API in place of an alias is refused in Ollama's shape, and changes nothing. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";

import { aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { type Said, say } from "../support/say.ts";

const MINE = [
  { alias: "mine", target: "tiny", echo: false },
  { alias: "p-", target: "other", prefix_matching: true },
];
const MEGABYTE = 1 << 20;

let stage: AliasStage;
let before: string | undefined;
beforeAll(async () => {
  stage = await aliasStage({ toml: '[server]\nmax_body = "1536KiB"\n' });
  await setAliases(stage, ...MINE);
  before = await stage.stored();
});
afterEach(async () => {
  expect(await stage.stored()).toBe(before);
  expect(await aliasList(stage)).toEqual(MINE);
  expect(stage.engine.deeds).toEqual([]);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** The words of a refusal, which has Ollama's shape and nothing else. */
function refused(answer: Said, status = 400): string {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const body = JSON.parse(answer.body) as { readonly error: string };
  expect(Object.keys(body)).toEqual(["error"]);
  expect(answer.body.length).toBeLessThan(2000);
  return body.error;
}

const CALLS = ["POST /api/aliases", "DELETE /api/aliases", "POST /api/copy", "DELETE /api/delete"];

describe.each(CALLS)("%s of", (call) => {
  test.each<[what: string, body: string | Uint8Array]>([
    ...[
      "",
      " ",
      "\n",
      "{",
      "[",
      "[]",
      "[{}]",
      '"mine"',
      "5",
      "true",
      "nil",
      "alias=mine&target=tiny",
      "{}{",
    ].map((text): [string, string] => [JSON.stringify(text), text]),
    ...['{"alias":}', '{"alias" "mine"}', "{'alias':'mine'}", '{"alias":"mi', '{"alias":"mine"'].map(
      (text): [string, string] => [text, text],
    ),
    ["a byte order mark", '\ufeff{"alias":"mine","model":"mine","source":"mine"}'],
    ["bytes that are no text", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x00])],
    ["an array of a megabyte", `[${"0,".repeat(MEGABYTE / 2)}0]`],
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["a hundred thousand objects in one another", '{"a":'.repeat(100_000)],
  ])("%s", async (_, body) => {
    expect(refused(await say(stage.router.port, call, [], body))).not.toBe("");
  });

  test("what is not encoded as it says, or in a way that nobody knows", async () => {
    const body = '{"alias":"mine","model":"mine","source":"tiny","destination":"x"}';
    const gzip = ["Content-Encoding: gzip"];
    expect(refused(await say(stage.router.port, call, gzip, body))).toContain("not gzip");
    expect(refused(await say(stage.router.port, call, gzip, gzipSync(body).subarray(0, 20)))).not.toBe("");
    const brotli = await say(stage.router.port, call, ["Content-Encoding: br"], body);
    expect(refused(brotli, 415)).toContain("br");
  });

  test("more than the configuration allows, also where it is small before it is inflated", async () => {
    const body = `{"x":"${"x".repeat(5 * MEGABYTE)}"}`;
    expect(refused(await say(stage.router.port, call, [], body), 413)).toContain("1536KiB");
    const packed = ["Content-Encoding: gzip"];
    expect(refused(await say(stage.router.port, call, packed, gzipSync(body)), 413)).toContain("1536KiB");
  });
});

describe("names of a megabyte", () => {
  const LONG = [
    "x".repeat(MEGABYTE),
    "/".repeat(MEGABYTE),
    "x/".repeat(MEGABYTE / 2),
    `x:${":".repeat(MEGABYTE)}`,
  ];

  test.each(
    [...LONG, " ".repeat(MEGABYTE), "é".repeat(MEGABYTE / 2)].map((name) => [name.slice(0, 5), name]),
  )("%j...", async (_, name) => {
    const { port } = stage.router;
    const bodies = [
      { alias: name, target: "tiny" },
      { alias: "x", target: name },
      { alias: name, target: "tiny", prefix_matching: true },
      { alias: "x", targets: ["tiny", name] },
      { alias: "x", targets: [{ model: "tiny", backend: name }] },
      { alias: "x", target: "tiny", strategy: name },
    ];
    for (const body of bodies) refused(await say(port, "POST /api/aliases", [], JSON.stringify(body)));
    const gone = await say(port, "DELETE /api/aliases", [], JSON.stringify({ alias: name }));
    refused(gone, name.trim() === "" ? 400 : 404);
    const copy = { source: "tiny", destination: name };
    refused(await say(port, "POST /api/copy", [], JSON.stringify(copy)));
    refused(await say(port, "POST /api/copy", [], JSON.stringify({ source: name, destination: "x" })));
    refused(await say(port, "DELETE /api/delete", [], JSON.stringify({ name })));
  });
});

test.each(["gzip", "zstd"])(
  "a body in %s is read as any other: here it is refused for what it says",
  async (encoding) => {
    const pack = encoding === "gzip" ? gzipSync : zstdCompressSync;
    const body = pack('{"alias":"tiny","target":"other"}');
    const answer = await say(stage.router.port, "POST /api/aliases", [`Content-Encoding: ${encoding}`], body);
    expect(refused(answer)).toBe('alias "tiny" conflicts with existing model');
  },
);

test("half a body changes nothing, whoever leaves in the middle", async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"alias":"x","target":"ti'));
      controller.error(new Error("left"));
    },
  });
  const call = fetch(`${stage.url}/api/aliases`, { method: "POST", body });
  expect(await call.then(({ status }) => status).catch(() => "left")).not.toBe(200);
  expect(await aliasCall(stage, "GET")).toMatchObject({ status: 200 });
});

test("a list of a million targets is refused before it is looked through", async () => {
  const before = await stage.stored();
  const body = `{"alias":"many","targets":[${"1,".repeat(700_000)}1]}`;
  const startMs = performance.now();
  expect(await aliasCall(stage, "POST", body)).toMatchObject({
    status: 400,
    body: {
      error:
        'targets must be names, or objects with "model", "backend" and "weight" (a number from 0.001 to 1000)',
    },
  });
  expect(await aliasCall(stage, "POST", `${body.slice(0, -2)}${",1".repeat(900_000)}]}`)).toMatchObject({
    status: 413,
    body: { error: "request body is larger than 1536KiB" },
  });
  expect(performance.now() - startMs).toBeLessThan(5000);
  expect(await stage.stored()).toBe(before);
});
