/** `ollama rm` deletes a model everywhere, or says where it still is. */

import { expect, test } from "bun:test";

import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

const OFTEN = '[health]\nprobe_interval = "50ms"\n';

interface Two extends AsyncDisposable {
  readonly a: ManagingOllama;
  readonly b: ManagingOllama;
  readonly router: Mellamo;
}

/** A router over two Ollamas that both have `shared`, spelled differently. */
async function two(toml = ""): Promise<Two> {
  const a = await managingOllama(["shared", "only-a"]);
  const b = await managingOllama(["Shared", "only-b"]);
  const router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    toml,
  );
  return {
    a,
    b,
    router,
    async [Symbol.asyncDispose]() {
      await Promise.all([router, a, b].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

function remove(router: Mellamo, body: string): Promise<Response> {
  return fetch(`${router.url}/api/delete`, { method: "DELETE", body });
}

async function tagsOf(router: Mellamo): Promise<string[]> {
  const list = (await (await fetch(`${router.url}/api/tags`)).json()) as { models: { name: string }[] };
  return list.models.map(({ name }) => name).sort();
}

test("every Ollama that has it deletes it, by its own name for it, and no other is asked", async () => {
  await using all = await two();
  const shared = await remove(all.router, '{"model":"SHARED"}');
  expect([shared.status, await shared.text()]).toEqual([200, ""]);
  expect(all.a.deeds).toEqual(['DELETE /api/delete {"model":"shared:latest"}']);
  expect(all.b.deeds).toEqual(['DELETE /api/delete {"model":"Shared:latest"}']);
  expect(await tagsOf(all.router)).toEqual(["only-a:latest", "only-b:latest"]);
  expect((await remove(all.router, '{"model":"only-b"}')).status).toBe(200);
  expect(all.a.deeds).toHaveLength(1);
  expect(await tagsOf(all.router)).toEqual(["only-a:latest"]);
});

test("the calls of the ollama command work as they come", async () => {
  await using all = await two();
  const answer = await remove(all.router, '{"model":"","name":"only-a"}');
  expect(answer.status).toBe(200);
  expect(all.a.deeds).toEqual(['DELETE /api/delete {"model":"only-a:latest","name":"only-a:latest"}']);
});

test("a model that came up since the last look is found", async () => {
  await using all = await two('[health]\nprobe_interval = "1h"\n');
  all.b.models.add("late:latest");
  all.b.list([...all.b.models]);
  expect((await remove(all.router, '{"model":"late"}')).status).toBe(200);
  expect(all.b.deeds).toEqual(['DELETE /api/delete {"model":"late:latest"}']);
});

test("an unknown model is not found", async () => {
  await using all = await two();
  const answer = await remove(all.router, '{"model":"nosuch"}');
  expect([answer.status, await answer.json()]).toEqual([404, { error: "model 'nosuch' not found" }]);
});

test("where one Ollama refuses, its refusal is the answer, though the other obeyed", async () => {
  await using all = await two();
  all.b.behave((talk) => talk.answer(500, '{"error":"disk on fire"}'));
  const answer = await remove(all.router, '{"model":"shared"}');
  expect([answer.status, await answer.json()]).toEqual([500, { error: "disk on fire" }]);
  expect(all.a.models.has("shared:latest")).toBe(false);
  expect(await tagsOf(all.router)).toContain("Shared:latest");
});

test("where one Ollama dies over it, the client is told which", async () => {
  await using all = await two();
  all.b.behave((talk) => talk.reset());
  const answer = await remove(all.router, '{"model":"shared"}');
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error:
      '"shared" is deleted on a, but not everywhere (no backend could be reached: b: connection closed without an answer)',
  });
});

test("where one Ollama is down, the other deletes it, and the client is told where it still is", async () => {
  await using all = await two(OFTEN);
  await all.b.stop();
  await all.router.log.until(/event="backend down" backend=b/);
  const answer = await remove(all.router, '{"model":"shared"}');
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error: '"shared" is deleted on a, but not everywhere (b: connection refused)',
  });
  expect(all.a.models.has("shared:latest")).toBe(false);
});

test("a model of the name of an alias's target goes, and the alias stays", async () => {
  await using all = await two('[aliases]\nfast = "only-a"\n');
  expect((await remove(all.router, '{"model":"only-a"}')).status).toBe(200);
  const answer = await fetch(`${all.router.url}/api/chat`, { method: "POST", body: '{"model":"fast"}' });
  const { error } = (await answer.json()) as { error: string };
  expect([answer.status, error]).toEqual([404, expect.stringMatching(/^model 'fast' not found/)]);
});
