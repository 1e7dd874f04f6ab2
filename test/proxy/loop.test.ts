/** A router that is its own backend says so, rather than ask itself for ever. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

/** A port that is free, as far as one can tell. */
async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return port ?? 0;
}

/** Until each has found the other's models, and answers that they lead in a circle. */
async function untilLooped(router: Mellamo): Promise<void> {
  const deadline = Date.now() + 4000;
  while ((await ask(router, "/api/chat")).status !== 508) {
    if (Date.now() > deadline) throw new Error("There is no loop");
    await Bun.sleep(20);
  }
}

function ask(router: Mellamo, path: string, body = '{"model":"m"}'): Promise<Response> {
  return within(3000, fetch(router.url + path, { method: "POST", body }));
}

test("a router that has itself for a backend answers at once, in the dialect of the path", async () => {
  const port = await freePort();
  await using engine = await rawBackend(["m:latest"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using router = await routerOver(
    {
      itself: { url: `http://127.0.0.1:${port}`, engine: "ollama", priority: 200 },
      engine: { url: engine.url, engine: "ollama" },
    },
    `[server]\nlisten = "127.0.0.1:${port}"\n[health]\nprobe_interval = "50ms"\n`,
  );
  const text = "this request has passed through this server already: a backend leads back to it";
  await untilLooped(router);
  const native = await ask(router, "/api/chat");
  expect([native.status, await native.json()]).toEqual([508, { error: text }]);
  const openai = await ask(router, "/v1/chat/completions");
  expect([openai.status, await openai.json()]).toMatchObject([508, { error: { message: text } }]);
  const anthropic = await ask(router, "/v1/messages");
  expect([anthropic.status, await anthropic.json()]).toMatchObject([
    508,
    { type: "error", error: { message: text } },
  ]);
  expect((await ask(router, "/api/pull")).status).toBe(508);
  expect((await ask(router, "/api/chat", '{"model":"nosuch"}')).status).toBe(404);
  expect((await within(1000, fetch(`${router.url}/api/tags`))).status).toBe(200);
});

test("two routers that have each other for backends do not pass a request round and round", async () => {
  const [here, there] = [await freePort(), await freePort()];
  const often = '[health]\nprobe_interval = "50ms"\n';
  await using engine = await rawBackend(["m:latest"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using one = await routerOver(
    { two: { url: `http://127.0.0.1:${there}`, engine: "ollama" } },
    `[server]\nlisten = "127.0.0.1:${here}"\n${often}`,
  );
  await using two = await routerOver(
    {
      one: { url: one.url, engine: "ollama", priority: 200 },
      engine: { url: engine.url, engine: "ollama" },
    },
    `[server]\nlisten = "127.0.0.1:${there}"\n${often}`,
  );
  for (const router of [one, two]) await untilLooped(router);
  expect((await within(1000, fetch(`${one.url}/api/tags`))).status).toBe(200);
});

test("two routers in a row are no loop", async () => {
  await using engine = await rawBackend(["m:latest"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using inner = await routerOver({ engine: { url: engine.url, engine: "ollama" } });
  await using outer = await routerOver({ inner: { url: inner.url } }, '[aliases]\nfast = "m"\n');
  const answer = await ask(outer, "/api/chat", '{"model":"fast"}');
  expect([answer.status, await answer.text()]).toEqual([200, '{"model":"fast"}']);
  expect((await engine.talk(0)).headers.get("via")).toMatch(/^1\.1 mellamo-\w{8}, 1\.1 mellamo-\w{8}$/);
});
