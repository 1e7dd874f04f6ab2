/**
 * Every field passes, in and out, whether this program knows it or not, and none is added. gollamas: `think`, `logprobs`
 * and whatever is new are dropped both ways, and OpenAI requests get a temperature and a top_p of 1.
 */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { startedBy } from "../support/flags.ts";
import { postsOf, toPosts } from "../support/posts.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const ODD = '"think":"high", "logprobs":true,"of_tomorrow":{"a":[1.0,1e400,null],"a":2},"stream":false';

test.each(["/api/chat", "/api/generate", "/api/embed", "/v1/chat/completions", "/v1/completions"])(
  "%s: what comes in goes on byte for byte, but for the model's name; what comes out as well",
  async (path) => {
    await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
    await using router = await startedBy(`--proxy m=${engine.url} --alias gpt-4=m`);
    const answerBy = (name: string): string =>
      `{"model":"${name}","message":{"thinking":"Hm","content":"Hi"},"logprobs":[{"token":"Hi"}],${ODD}}`;
    engine.behave(toPosts((talk) => talk.answer(200, answerBy("m:latest"))));
    for (const name of ["m:latest", "gpt-4"]) {
      const bodyBy = (model: string): string =>
        `{ ${ODD}, "model": "${model}", "messages":[],"prompt":"","input":""}`;
      const answer = await fetch(router.url + path, { method: "POST", body: bodyBy(name) });
      expect(await answer.text()).toBe(answerBy(name));
      expect(postsOf(engine).at(-1)?.body.toString()).toBe(bodyBy("m:latest"));
    }
  },
);

test("an OpenAI request without a temperature has none at the engine", async () => {
  await using engine = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${engine.url}`);
  engine.behave(toPosts((talk) => talk.answer(200, "{}")));
  await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m","messages":[]}' });
  const [talk] = postsOf(engine);
  expect(Object.keys(JSON.parse(talk?.body.toString() ?? "") as object)).toEqual(["model", "messages"]);
});
