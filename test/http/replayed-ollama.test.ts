/** A router in front of one Ollama answers each call as that Ollama does: status, content type and body, byte for byte. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";

import { call, type CapturedCall, isForwarded } from "../support/captured-call.ts";
import { withoutNames } from "../support/captured-names.ts";
import { captures } from "../support/captures.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { type Replay, replayedOllama, WANTED } from "../support/replay.ts";
import { headerOf, type RawAnswer } from "../support/response.ts";

const CALLS = new Map(
  [...captures("ollama-").values()].filter(isForwarded).map((one) => [one.name.slice("ollama-".length), one]),
);

/** Bodies that captures do not keep. */
const BODIES: Readonly<Record<string, string>> = {
  "v1-audio-404": form("nosuch"),
  "v1-audio-unsupported": form("tiny"),
  "chat-err-truncate-false": `{"model":"tiny","messages":[{"role":"user","content":"${"sky ".repeat(3000)}"}]}`,
  "embed-too-long": `{"model":"tinyembed","input":"${"sky ".repeat(3000)}"}`,
  "v1-chat-zstd-bad": "no zstd",
};

/** The router looks up every name, since other engines have names that Ollama cannot parse. */
const UNPARSABLE: Readonly<Record<string, string>> = {
  "chat-err-badname": "chat-404",
  "generate-err-badname": "generate-404",
  "embed-err-badname": "embed-404",
  "show-err-badname": "show-404",
  "delete-err-badname": "delete-404",
  "copy-err-source": "copy-404",
  "v1-chat-err-badname": "v1-chat-404",
  "v1-messages-err-badname": "v1-messages-404",
};
/** An Ollama repeats in its errors what it was asked for, and the router asks for models as they are listed. */
const SPELLED = [
  "blob-missing-chat",
  "chat-err-embedmodel",
  "chat-think-unsupported",
  "generate-err-embedmodel",
  "generate-think-unsupported",
  "v1-chat-err-embedmodel",
  "v1-messages-err-embedmodel",
];
/** When its engine dies, an Ollama ends some streams with an event whose model is "". */
const NAMELESS = ["died-v1-chat-stream", "died-v1-completions-stream"];
/** Encoded bodies, and the plain ones they hold here: Ollama reads zstd below /v1 alone, and gzip nowhere. */
const ENCODED: Readonly<Record<string, string>> = {
  "chat-zstd-request": "chat",
  "v1-chat-zstd-request": "v1-chat",
  "v1-messages-zstd-request": "v1-messages",
  "v1-chat-gzip-request": "v1-chat",
};
/** Ollama writes its complaint about a bad encoding in its own shape everywhere; here it has that of the dialect. */
const BADLY_ENCODED = "v1-chat-zstd-bad";
/** A backend that is too busy may be left alone for a while: these have a router of their own each. */
const BUSY = [...CALLS.keys()].filter((name) => name.startsWith("queue-full"));

let engine: Replay;
let router: Mellamo;
beforeAll(async () => {
  engine = await replayedOllama();
  router = await mellamo(`[server]\ncopy = "model"\n[[backend]]\nurl = "${engine.url}"\n`);
});
afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

describe("is answered as by the Ollama itself", () => {
  const apart = new Set([
    ...[UNPARSABLE, ENCODED].flatMap((names) => Object.keys(names)),
    ...[...SPELLED, ...NAMELESS, BADLY_ENCODED, ...BUSY],
  ]);
  const alike = [...CALLS.keys()].filter((name) => !apart.has(name));

  test.concurrent.each(alike)("%s", async (name) => {
    const original = callNamed(name);
    expect(shown(await call(router.port, original, bodyOf(original)))).toEqual(shown(original));
    const upstream = engine.replayed.find(
      ({ request }) =>
        request.path === original.request.path && request.headers.get(WANTED) === original.name,
    );
    // a form has its boundaries, which hold no JSON to compare
    if (upstream === undefined || original.request.body === undefined) return;
    expect(withoutNames(upstream.request.body)).toBe(withoutNames(original.request.body));
  });

  test.each(BUSY)("%s", async (name) => {
    await using ownRouter = await mellamo(`[[backend]]\nurl = "${engine.url}"\n`);
    const answer = await call(ownRouter.port, callNamed(name), bodyOf(callNamed(name)));
    expect(shown(answer)).toEqual(shown(callNamed(name)));
  });
});

test.each(Object.entries(UNPARSABLE))(
  "a name that Ollama cannot parse is unknown: %s as %s",
  async (name, like) => {
    const answer = await call(router.port, callNamed(name), bodyOf(callNamed(name)));
    expect(shown(answer)).toEqual(shown(callNamed(like), (text) => text.replace("nosuch", "bad name!")));
  },
);

test.each(SPELLED)("an Ollama's error names the model as it lists it: %s", async (name) => {
  const answer = await call(router.port, callNamed(name), bodyOf(callNamed(name)));
  const spelled = (text: string): string => text.replace(/(?<=\\"tiny\w*)(?=\\")/, ":latest");
  expect(shown(answer)).toEqual(shown(callNamed(name), spelled));
});

test.each(NAMELESS)("an event without a model's name gets the one that was asked: %s", async (name) => {
  const answer = await call(router.port, callNamed(name), bodyOf(callNamed(name)));
  const filled = (text: string): string => text.replace('"model":""', '"model":"tinyrandom"');
  expect(shown(answer)).toEqual(shown(callNamed(name), filled));
});

test.each(Object.entries(ENCODED))(
  "an encoded body is answered as a plain one: %s as %s",
  async (name, like) => {
    const { request } = callNamed(name);
    const plain = callNamed(like);
    const encode = request.headers.includes("Content-Encoding: zstd") ? zstdCompressSync : gzipSync;
    const answer = await call(router.port, { ...plain, request }, encode(bodyOf(plain)));
    expect(shown(answer)).toEqual(shown(plain));
  },
);

test(`a body that is not encoded as it says is refused in the shape of the dialect: ${BADLY_ENCODED}`, async () => {
  const answer = await call(router.port, callNamed(BADLY_ENCODED), bodyOf(callNamed(BADLY_ENCODED)));
  const text = "invalid input: the body is not zstd";
  const error = { message: text, type: "invalid_request_error", param: null, code: null };
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.toString())).toEqual({ error });
});

function callNamed(name: string): CapturedCall {
  const found = CALLS.get(name);
  if (found === undefined) throw new Error(`No capture "${name}"`);
  return found;
}

function bodyOf({ name, request }: CapturedCall): Buffer {
  return request.body ?? Buffer.from(BODIES[name.slice("ollama-".length)] ?? "");
}

/** What a client sees; the ids of requests are never the same. */
function shown(answer: RawAnswer, change = (text: string): string => text): object {
  const text = answer.body.toString().replace(/(?<="request_id":"req_)\w+/, "…");
  return { status: answer.status, type: headerOf(answer, "content-type"), body: change(text) };
}

function form(model: string): string {
  const part = (name: string, value: string): string =>
    `--XX\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${value}\r\n`;
  return `${part('"model"', model)}${part('"file"; filename="a.wav"', "RIFF")}--XX--\r\n`;
}
