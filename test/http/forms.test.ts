/** In a multipart form the name is a field of its own, and the file beside it is not touched. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["openai/whisper-1"], (talk) => talk.answer(200, '{"text":"hello"}'));
  router = await routerOver(
    { a: { url: backend.url, engine: "openai" } },
    '[aliases]\nwhisper = "openai/whisper-1"\n',
  );
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

const PATHS = ["/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits"];

/** Every byte there is, and lines that look like a field of the form. */
const FILE = Buffer.concat([
  Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256)),
  Buffer.from('\r\n--X\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n'),
]);

/** A form as curl writes it: `parts` are names and contents. */
function form(boundary: string, parts: readonly (readonly [string, string | Uint8Array])[]): Buffer {
  const pieces = parts.flatMap(([disposition, content]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

const file = ['name="file"; filename="model"', FILE] as const;

test.each(PATHS)("%s: the alias is replaced, and every byte of the file arrives", async (path) => {
  const type = "multipart/form-data; boundary=XX";
  const answer = await fetch(router.url + path, {
    method: "POST",
    headers: { "content-type": type },
    body: form("XX", [['name="model"', "whisper"], file, ['name="language"', "es"]]),
  });
  expect([answer.status, await answer.text()]).toEqual([200, '{"text":"hello"}']);
  const talk = backend.talks.at(-1);
  expect(talk?.headers.get("content-type")).toBe(type);
  const expected = form("XX", [['name="model"', "openai/whisper-1"], file, ['name="language"', "es"]]);
  expect(talk?.body.equals(expected)).toBe(true);
  expect(talk?.headers.get("content-length")).toBe(String(expected.length));
});

test.each<[string, string, string]>([
  ["behind the file", 'multipart/form-data; boundary="X X"', "X X"],
  ["in a form whose boundary is quoted", 'multipart/form-data; charset=utf-8; boundary="a=b;c"', "a=b;c"],
  ["in a form whose type is written large", "Multipart/Form-Data; Boundary=XX", "XX"],
])("the name is found %s", async (_, type, boundary) => {
  const said = await fetch(`${router.url}/v1/audio/transcriptions`, {
    method: "POST",
    headers: { "content-type": type },
    body: form(boundary, [file, ["name=model", "WHISPER:latest"]]),
  });
  expect(said.status).toBe(200);
  const expected = form(boundary, [file, ["name=model", "openai/whisper-1"]]);
  expect(backend.talks.at(-1)?.body.equals(expected)).toBe(true);
});

test("of two names the last that is not empty decides, and both are replaced", async () => {
  const body = new FormData();
  for (const name of ["nosuch", "whisper", ""]) body.append("model", name);
  const answer = await fetch(`${router.url}/v1/audio/transcriptions`, { method: "POST", body });
  expect(answer.status).toBe(200);
  expect(backend.talks.at(-1)?.body.toString()).not.toMatch(/nosuch|^whisper/m);
});

test("a form that the Web's own client makes is understood", async () => {
  const body = new FormData();
  body.append("file", new Blob([FILE], { type: "audio/wav" }), "ünïcode.wav");
  body.append("model", "whisper");
  const answer = await fetch(`${router.url}/v1/audio/transcriptions`, { method: "POST", body });
  expect(answer.status).toBe(200);
  const arrived = backend.talks.at(-1)?.body ?? Buffer.alloc(0);
  expect(arrived.includes(FILE)).toBe(true);
  expect(arrived.toString()).toContain('name="model"\r\n\r\nopenai/whisper-1\r\n');
});

test.each<[string, string, number, string]>([
  [
    "without a name",
    "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--XX--\r\n",
    400,
    "model is required",
  ],
  [
    "with an empty name",
    '--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\n\r\n--XX--\r\n',
    400,
    "model is required",
  ],
  [
    "with an unknown name",
    '--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\nnosuch\r\n--XX--\r\n',
    404,
    "model 'nosuch' not found",
  ],
  [
    "that is cut off",
    '--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhis',
    400,
    "multipart: NextPart: EOF",
  ],
  ["that is none", '{"model":"whisper"}', 400, "multipart: NextPart: EOF"],
])("a form %s is refused in OpenAI's shape", async (_, body, status, message) => {
  const said = await say(
    router.port,
    "POST /v1/audio/transcriptions",
    ["Content-Type: multipart/form-data; boundary=XX"],
    body,
  );
  expect(said.status).toBe(status);
  expect(JSON.parse(said.body)).toMatchObject({ error: { message } });
});

test("the same paths take JSON where an engine does", async () => {
  const said = await say(router.port, "POST /v1/audio/speech", [], '{"model":"whisper","input":"hi"}');
  expect(said.status).toBe(200);
  expect(backend.talks.at(-1)?.body.toString()).toBe('{"model":"openai/whisper-1","input":"hi"}');
});
