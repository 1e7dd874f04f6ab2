/** Calls that change what an Ollama has are made once: another one gets them only where the first cannot have heard of it. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type Behaviour, rawBackend } from "../support/backend.ts";
import { deafPort } from "../support/deaf-port.ts";
import { routerOver } from "../support/over.ts";
import { type Pair, pairOf, tomlOf } from "../support/pair.ts";
import { OLLAMA } from "../support/shapes.ts";

interface Call {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const BLOB: Call = {
  name: "blob",
  method: "POST",
  path: `/api/blobs/sha256:${"ab".repeat(32)}`,
  body: "GGUF and so on",
};

const PULL: Call = { name: "pull", method: "POST", path: "/api/pull", body: '{"model":"m"}' };

/** Calls that either of two could be made at. */
const ANYWHERE: readonly Call[] = [
  PULL,
  { name: "push", method: "POST", path: "/api/push", body: '{"model":"m"}' },
  { name: "create", method: "POST", path: "/api/create", body: '{"model":"new","system":"Be brief."}' },
  { name: "copy", method: "POST", path: "/api/copy", body: '{"source":"m","destination":"new"}' },
  BLOB,
];

/** Calls that belong to where they are made at first: to the only one that has the model. */
const SOMEWHERE: readonly Call[] = [
  { name: "delete", method: "DELETE", path: "/api/delete", body: '{"model":"alone"}' },
  { name: "create from", method: "POST", path: "/api/create", body: '{"model":"new","from":"alone"}' },
];

const CALLS = [...ANYWHERE, ...SOMEWHERE];

const CONFIG = { server: { copy: "model" } };

/** Times that no such call is bound to but that for the connection. */
const SHORT = { timeouts: { connect: "1s", first_byte: "300ms" } };

const done: Behaviour = (talk) => talk.answer(200, '{"status":"success"}\n');

/** An answer, with the tries that it took. */
async function make(call: Call, router: { readonly url: string }): Promise<[number, number, string]> {
  const { method, path, body } = call;
  const answer = await fetch(router.url + path, { method, body });
  return [answer.status, Number(answer.headers.get("x-mellamo-attempts")), await answer.text()];
}

function asked({ talks }: Pair["first"]): string[] {
  return talks.map(({ method, path, body }) => `${method} ${path} ${body.toString()}`);
}

describe.each(CALLS)("a $name", (call) => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await pairOf(OLLAMA, CONFIG);
    pair.second.behave(done);
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  test.each<[string, Behaviour, string]>([
    ["closes without a word", (talk) => talk.end(), "connection closed without an answer"],
    ["resets", (talk) => talk.reset(), "connection closed without an answer"],
    [
      "breaks off in its headers",
      (talk) => talk.send("HTTP/1.1 200 OK\r\ncontent-ty").then(() => talk.end()),
      "connection closed without an answer",
    ],
    ["does not speak HTTP", (talk) => talk.send("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "the answer is not HTTP"],
  ])("is not made again where one %s", async (_, die, why) => {
    const { first, second, router } = pair;
    const before = first.talks.length;
    first.behave(die);
    const body = JSON.stringify({ error: `no backend could be reached: first: ${why}` });
    expect(await make(call, router)).toEqual([502, 1, body]);
    expect([first.talks.length - before, second.talks.length]).toEqual([1, 0]);
  });

  test.each([429, 500, 502, 503, 504])("is not made elsewhere where one says %p", async (status) => {
    const { first, second, router } = pair;
    const before = first.talks.length;
    const body = `{"error":"status ${status}"}`;
    first.behave((talk) =>
      talk.answer(status, body, { "content-type": "application/json", "retry-after": "0" }),
    );
    expect(await make(call, router)).toEqual([status, 1, body]);
    expect([first.talks.length - before, second.talks.length]).toEqual([1, 0]);
  });
});

test.each(ANYWHERE)("a $name is made elsewhere where one refuses connections", async (call) => {
  await using pair = await pairOf(OLLAMA, CONFIG);
  const { first, second, router } = pair;
  second.behave(done);
  await first.stop();
  expect(await make(call, router)).toEqual([200, 2, '{"status":"success"}\n']);
  expect([asked(first), asked(second)]).toEqual([[], [`${call.method} ${call.path} ${call.body}`]]);
});

test.each(SOMEWHERE)("a $name is made nowhere where its place refuses connections", async (call) => {
  await using pair = await pairOf(OLLAMA, CONFIG);
  const { first, second, router } = pair;
  await first.stop();
  const body = JSON.stringify({ error: "no backend could be reached: first: connection refused" });
  expect(await make(call, router)).toEqual([502, 1, body]);
  expect(second.talks).toEqual([]);
});

test("a pull is made elsewhere where one does not take connections", async () => {
  await using deaf = await deafPort();
  await using second = await rawBackend(["m"], done, "ollama");
  await using router = await routerOver(
    {
      first: { url: deaf.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
    },
    tomlOf(SHORT),
  );
  await deaf.goDeaf();
  expect(await make(PULL, router)).toEqual([200, 2, '{"status":"success"}\n']);
  expect(second.talks).toHaveLength(1);
});

test("a pull that says nothing for long is not given up", async () => {
  await using pair = await pairOf(OLLAMA, SHORT);
  pair.first.behave(async (talk) => {
    await Bun.sleep(1200);
    await done(talk);
  });
  expect(await make(PULL, pair.router)).toEqual([200, 1, '{"status":"success"}\n']);
});
