/** A conversation stays where it began, also where there was no choice when it did. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

const SOON_MS = 20_000;

const BACKENDS = (...urls: readonly string[]): string =>
  urls
    .map(
      (url, index) =>
        `[[backend]]\nname = "${"ab"[index]}"\nurl = "${url}"\nengine = "openai"\nmax_inflight = 1\n`,
    )
    .join("");

/** Says this as the only user of a conversation, and returns the answer's head. */
function say(router: Mellamo, ...contents: readonly string[]): Promise<Response> {
  const messages = contents.map((content, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content,
  }));
  return within(
    SOON_MS,
    fetch(`${router.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", messages }),
    }),
  );
}

test("a conversation that began at the only backend that was free goes on there", async () => {
  await using a = await rawBackend(["m"], (talk) => talk.begin(200));
  await using b = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  await using router = await mellamo(BACKENDS(a.url, b.url));
  for (const name of ["a", "b"]) await router.log.until(new RegExp(`event="backend up" backend=${name} `));

  // somebody else keeps the first one busy
  const other = say(router, "Tell me a long story");
  const story = await within(SOON_MS, a.talk(0));
  await story.chunk("{");
  const first = await say(router, "Hello");
  expect(first.headers.get("x-mellamo-backend")).toBe("b");
  await first.text();
  await story.chunk("}");
  await story.chunk("");
  await (await other).text();

  a.behave((talk) => talk.answer(200, '{"model":"m"}'));
  const second = await say(router, "Hello", "Hi", "How are you?");
  expect(second.headers.get("x-mellamo-backend")).toBe("b");
});
