/** Whoever gets a request in the place of another gets what is asked of its own models. */

import { expect, test } from "bun:test";

import { type RawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { ollama, PATHS, post, QUIET } from "../support/parameter-stage.ts";

interface Pair extends AsyncDisposable {
  readonly first: RawBackend;
  readonly second: RawBackend;
  readonly router: Mellamo;
}

/** Two Ollamas, the first of which is asked first; their tables end in these lines. */
async function pairOf(
  models: readonly [readonly string[], readonly string[]],
  lines: readonly [string, string],
  toml = "",
): Promise<Pair> {
  await using starting = new AsyncDisposableStack();
  const [first, second] = [starting.use(await ollama(models[0])), starting.use(await ollama(models[1]))];
  const tables = [first, second].map(
    ({ url }, index) =>
      `[[backend]]\nname = "b${index}"\nurl = "${url}"\nengine = "ollama"\npriority = ${200 - index}\n${lines[index]}\n`,
  );
  const router = starting.use(await routerOver({}, `${QUIET}${toml}\n${tables.join("")}`));
  for (const name of ["b0", "b1"]) await router.log.until(new RegExp(`event="backend up" backend=${name} `));
  const started = starting.move();
  return { first, second, router, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

test.each(PATHS)("%s: the second backend gets its own parameters, not those of the first", async (path) => {
  await using pair = await pairOf(
    [["m"], ["m"]],
    [
      'options = { num_ctx = 1, seed = 1 }\nkeep_alive = "1m"\nforce = { options = { top_k = 1 } }',
      "options = { num_ctx = 2 }\nforce = { options = { temperature = 2 } }",
    ],
  );
  const { first, second, router } = pair;
  first.behave((talk) => talk.answer(503, '{"error":"server busy"}'));
  const answer = await post(router, '{"model":"m","options":{"top_k":9}}', path);
  expect(answer.status).toBe(200);
  expect((await first.talk(0)).body.toString()).toBe(
    '{"keep_alive":60,"model":"m","options":{"num_ctx":1,"seed":1,"top_k":1}}',
  );
  expect((await second.talk(0)).body.toString()).toBe(
    '{"model":"m","options":{"temperature":2,"num_ctx":2,"top_k":9}}',
  );
});

test("the second gets what was sent, where nobody asks anything of it", async () => {
  await using pair = await pairOf(
    [["m"], ["m"]],
    ["force = { options = { num_ctx = 1 }, keep_alive = 1 }", ""],
  );
  const { first, second, router } = pair;
  await first.stop();
  const body = '{"model":"m", "options":{"num_ctx":9},"keep_alive":null}';
  expect((await post(router, body)).status).toBe(200);
  expect((await second.talk(0)).body.toString()).toBe(body);
});

test("of an alias's targets each has the parameters of its own model, beside the alias's", async () => {
  await using pair = await pairOf(
    [["llama"], ["Llama-GGUF"]],
    ["", ""],
    `[models]
llama = { options = { num_ctx = 1 }, keep_alive = 1 }
llama-gguf = { options = { num_ctx = 2 }, force = { options = { seed = 2 } } }
[aliases]
any = { targets = ["llama", "llama-gguf"], options = { temperature = 0 } }
`,
  );
  const { first, second, router } = pair;
  first.behave((talk) => talk.reset());
  expect((await post(router, '{"model":"any","options":{"seed":5}}')).status).toBe(200);
  expect((await first.talk(0)).body.toString()).toBe(
    '{"keep_alive":1,"model":"llama","options":{"num_ctx":1,"temperature":0,"seed":5}}',
  );
  expect((await second.talk(0)).body.toString()).toBe(
    '{"model":"Llama-GGUF","options":{"num_ctx":2,"temperature":0,"seed":2}}',
  );
});
