/** A router that is its own backend says so, rather than ask itself for ever. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { freePort } from "../support/llama-server.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

const OFTEN = '[health]\nprobe_interval = "50ms"\n';

function ask(router: Mellamo, path: string, body = '{"model":"m"}'): Promise<Response> {
  return within(3000, fetch(router.url + path, { method: "POST", body }));
}

test("a router that has itself for a backend passes that over", async () => {
  const port = freePort();
  await using engine = await rawBackend(["m:latest"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using router = await routerOver(
    {
      itself: { url: `http://127.0.0.1:${port}`, engine: "ollama", priority: 200 },
      engine: { url: engine.url, engine: "ollama" },
    },
    `[server]\nlisten = "127.0.0.1:${port}"\n${OFTEN}`,
  );
  await router.log.until(/event="backend down" backend=itself .*why="leads back to this router"/);
  for (const path of ["/api/chat", "/v1/chat/completions", "/v1/messages"])
    expect((await ask(router, path)).status).toBe(200);
  expect((await within(1000, fetch(`${router.url}/api/tags`))).status).toBe(200);
});

test("a request that comes back is told so at once, in the dialect of the path", async () => {
  await using engine = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using router = await routerOver({ engine: { url: engine.url, engine: "ollama" } });
  await ask(router, "/api/chat");
  const via = (await engine.talk(0)).headers.get("via") ?? "";
  const text = "this request has passed through this server already: a backend leads back to it";
  for (const [path, body] of [
    ["/api/chat", { error: text }],
    ["/v1/chat/completions", { error: { message: text } }],
    ["/v1/messages", { type: "error", error: { message: text } }],
    ["/api/pull", { error: text }],
  ] as const) {
    const answer = await fetch(router.url + path, {
      method: "POST",
      headers: { via },
      body: '{"model":"m"}',
    });
    expect([answer.status, await answer.json()]).toMatchObject([508, body]);
  }
});

test.each([2, 3])(
  "%i routers that have each other for backends do not pass a request round",
  async (count) => {
    const ports = Array.from({ length: count }, freePort);
    await using engine = await rawBackend(
      ["m:latest"],
      (talk) => talk.answer(200, '{"model":"m"}'),
      "ollama",
    );
    await using starting = new AsyncDisposableStack();
    const routers: Mellamo[] = [];
    for (const [index, port] of ports.entries()) {
      const next = { url: `http://127.0.0.1:${ports[(index + 1) % count]}`, engine: "ollama", priority: 200 };
      const own = index === 0 ? { engine: { url: engine.url, engine: "ollama" } } : {};
      const toml = `[server]\nlisten = "127.0.0.1:${port}"\n${OFTEN}`;
      routers.push(starting.use(await routerOver({ next, ...own }, toml)));
    }
    for (const router of routers) {
      const deadline = Date.now() + 4000;
      while ((await ask(router, "/api/chat")).status !== 200 && Date.now() < deadline) await Bun.sleep(20);
      for (let turn = 0; turn < 5; turn++) expect((await ask(router, "/api/chat")).status).toBe(200);
    }
  },
);

test("two routers in a row are no loop", async () => {
  await using engine = await rawBackend(["m:latest"], (talk) => talk.answer(200, '{"model":"m"}'), "ollama");
  await using inner = await routerOver({ engine: { url: engine.url, engine: "ollama" } });
  await using outer = await routerOver({ inner: { url: inner.url } }, '[aliases]\nfast = "m"\n');
  const answer = await ask(outer, "/api/chat", '{"model":"fast"}');
  expect([answer.status, await answer.text()]).toEqual([200, '{"model":"fast"}']);
  expect((await engine.talk(0)).headers.get("via")).toMatch(/^1\.1 mellamo-\w{8}, 1\.1 mellamo-\w{8}$/);
});
