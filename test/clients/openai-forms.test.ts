/** The official OpenAI client sends files in forms: the engine gets its own name for the model, and every byte of the files. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import OpenAI, { toFile } from "openai";

import { backendTable } from "../support/backend-table.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { failureLike } from "../support/failure.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

const REAL = "org/Whisper-Large.v3";

let stack: AsyncDisposableStack;
let engine: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  engine = stack.use(
    await rawBackend([REAL], (talk) =>
      talk.path === "/v1/audio/speech"
        ? talk.answer(200, SOUND, { "content-type": "audio/wav" })
        : talk.answer(200, JSON.stringify({ text: "The sky is blue.", model: REAL, data: [] })),
    ),
  );
  router = stack.use(
    await mellamo(
      `${backendTable("b", engine.url, 'engine = "openai"')}[aliases]\n"whisper-1" = "${REAL}"\n`,
    ),
  );
});
afterAll(() => stack.disposeAsync());

/** Bytes that are no text, with line breaks and dashes as forms have them, and a name that is not the form's. */
const SOUND = Buffer.concat([
  Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256),
  Buffer.from('\r\n--\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--'),
]);

const client = (): OpenAI => new OpenAI({ baseURL: `${router.url}/v1`, apiKey: "none", maxRetries: 0 });

/** The form that the engine got last. */
async function expectForm(texts: Record<string, string>, file: string): Promise<void> {
  const talk = engine.talks.at(-1);
  const headers = { "content-type": talk?.headers.get("content-type") ?? "" };
  const form = await new Response(talk && Uint8Array.from(talk.body), { headers }).formData();
  const sent: Record<string, string> = {};
  form.forEach((value, name) => {
    if (typeof value === "string") sent[name] = value;
  });
  expect(sent).toEqual(texts);
  const bytes = form.get(file);
  if (!(bytes instanceof Blob)) throw new Error(`No file "${file}"`);
  expect(Buffer.from(await bytes.arrayBuffer()).equals(SOUND)).toBe(true);
}

test("a recording is transcribed", async () => {
  const file = await toFile(SOUND, "sky.wav");
  const answer = await client().audio.transcriptions.create({ model: "whisper-1", file, language: "en" });
  expect(answer.text).toBe("The sky is blue.");
  expect(answer).toHaveProperty("model", "whisper-1");
  await expectForm({ model: REAL, language: "en" }, "file");
});

test("a recording is translated", async () => {
  const file = await toFile(SOUND, "himmel.wav");
  const answer = await client().audio.translations.create({ model: "whisper-1", file, prompt: "whisper-1" });
  expect(answer).toHaveProperty("model", "whisper-1");
  await expectForm({ model: REAL, prompt: "whisper-1" }, "file");
});

test("an image is edited", async () => {
  const image = await toFile(SOUND, "sky.png");
  await client().images.edit({ model: "whisper-1", image, prompt: "bluer" });
  await expectForm({ model: REAL, prompt: "bluer" }, "image");
});

test("speech comes back as the engine made it", async () => {
  const answer = await client().audio.speech.create({ model: "whisper-1", voice: "alloy", input: "Why?" });
  expect(answer.headers.get("content-type")).toBe("audio/wav");
  expect(Buffer.from(await answer.arrayBuffer()).equals(SOUND)).toBe(true);
});

test("a recording for an unknown model is a NotFoundError", async () => {
  const call = client().audio.transcriptions.create({ model: "none", file: await toFile(SOUND, "sky.wav") });
  expect((await failureLike(OpenAI.NotFoundError, call)).message).toBe("404 model 'none' not found");
});
