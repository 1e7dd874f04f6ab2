/**
 * Who asks for an unknown model, or for one whose backend is dead, is told so by a status and in words. gollamas: 200 and
 * an empty body for streams, for all else a 500 that says nothing of the cause.
 */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { captured } from "../support/captures.ts";
import { startedBy } from "../support/flags.ts";
import { postsOf } from "../support/posts.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const CALLS = [
  { path: "/api/chat", words: (text: unknown) => ({ error: text }) },
  { path: "/api/generate", words: (text: unknown) => ({ error: text }) },
  {
    path: "/v1/chat/completions",
    words: (text: unknown) => ({ error: expect.objectContaining({ message: text }) }),
  },
];

function ask(url: string, path: string, stream: boolean, model: string): Promise<Response> {
  const body = { model, stream, prompt: "hi", messages: [{ role: "user", content: "hi" }] };
  return fetch(url + path, { method: "POST", body: JSON.stringify(body) });
}

for (const { path, words } of CALLS) {
  test.each([true, false])(
    `${path} of an unknown model is a 404 with words, streamed (%p)`,
    async (stream) => {
      await using engine = await rawBackend(["m:latest", "private:latest"], noSuchPath, "ollama");
      await using router = await startedBy(`--proxy m=${engine.url} --alias lost=nobody`);
      for (const model of ["nosuch", "private", "lost"]) {
        const answer = await ask(router.url, path, stream, model);
        expect(answer.status).toBe(404);
        expect(answer.headers.get("content-type")).toContain("application/json");
        expect(await answer.json()).toEqual(words(expect.stringContaining(model)));
      }
      expect(postsOf(engine)).toEqual([]);
    },
  );

  test.each([true, false])(`${path} of a dead backend says which, and why, streamed (%p)`, async (stream) => {
    await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
    await using router = await startedBy(`--connection big=${engine.url} --proxy m=big`);
    await engine.stop();
    const answer = await ask(router.url, path, stream, "m");
    expect([502, 503]).toContain(answer.status);
    expect(await answer.json()).toEqual(words(expect.stringMatching(/big.*connection refused/)));
  });
}

test("a backend that was never there says so, too", async () => {
  await using router = await startedBy("--proxy m=http://127.0.0.1:9");
  const answer = await ask(router.url, "/api/chat", true, "m");
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ error: expect.stringMatching(/127\.0\.0\.1:9.*connection refused/) });
});

test("what an Ollama says of an unknown model is what the router says", async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url}`);
  const answer = await ask(router.url, "/api/chat", true, "nosuch");
  expect(await answer.json()).toEqual(captured("ollama-chat-404"));
});
