/**
 * An answer bears the name that was asked; `:latest` means nothing, for aliases too; names may have slashes; and aliases
 * may lead to aliases. gollamas: the model's name leaks, `gpt-4:latest` is a 500, slashes are a 404, chains are refused.
 */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { startedBy } from "../support/flags.ts";
import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";
import { toPosts } from "../support/posts.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const MODELS = ["llama3:8b", "hf.co/org/repo:Q4"];

/** An Ollama that says which model it was asked for, twice: as its answer's name and as its text. */
async function stage(flags: string) {
  await using starting = new AsyncDisposableStack();
  const engine = starting.use(await rawBackend(MODELS, noSuchPath, "ollama"));
  engine.behave(
    toPosts((talk) => {
      const { model } = JSON.parse(talk.body.toString()) as { readonly model: string };
      return talk.answer(200, JSON.stringify({ model, text: `I am ${model}`, done: true }));
    }),
  );
  const router = starting.use(await startedBy(flags.replaceAll("{url}", engine.url)));
  const started = starting.move();
  const ask = async (model: string, path = "/api/chat"): Promise<unknown> => {
    const answer = await fetch(router.url + path, {
      method: "POST",
      body: JSON.stringify({ model, messages: [] }),
    });
    return answer.json();
  };
  return { router, ask, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

const FLAGS = "--proxy llama3:8b={url} --proxy hf.co/org/repo:Q4={url} --alias gpt-4=llama3:8b";

test("an alias is what answers call the model", async () => {
  await using on = await stage(FLAGS);
  for (const path of ["/api/chat", "/api/generate", "/v1/chat/completions"])
    expect(await on.ask("gpt-4", path)).toEqual({ model: "gpt-4", text: "I am llama3:8b", done: true });
});

test.each(["gpt-4:latest", "GPT-4", "library/gpt-4:latest"])("%s is the alias gpt-4", async (name) => {
  await using on = await stage(FLAGS);
  expect(await on.ask(name)).toEqual({ model: name, text: "I am llama3:8b", done: true });
});

test.each(["hf.co/org/repo:Q4", "hf.co%2Forg%2Frepo:Q4", "hf.co%2Forg%2Frepo%3AQ4"])(
  "/v1/models/%s is the model with slashes",
  async (path) => {
    await using on = await stage(FLAGS);
    const answer = await fetch(`${on.router.url}/v1/models/${path}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: "hf.co/org/repo:Q4", object: "model" });
    expect(await on.ask("hf.co/org/repo:q4")).toMatchObject({ text: "I am hf.co/org/repo:Q4" });
  },
);

test("an alias of an alias leads to the model", async () => {
  await using on = await stage(`${FLAGS} --alias best=gpt-4 --alias org/name=best`);
  for (const name of ["best", "org/name"])
    expect(await on.ask(name)).toEqual({ model: name, text: "I am llama3:8b", done: true });
});

test("aliases that lead in a circle are refused at the start, in one line", async () => {
  await using folder = await folderOf();
  const args = ["--proxy", "m=http://h", "--alias", "a=b", "--alias", "b=a"];
  const { status, err } = await command(args, { cwd: folder.path });
  expect(err).toBe('--alias a: alias cycle: "a" -> "b" -> "a"\n');
  expect(status).toBe(2);
});
