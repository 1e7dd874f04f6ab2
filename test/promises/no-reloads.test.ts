/** Clients that ask for other contexts make an Ollama load its model anew; under a forced context none of them does. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";

import { type LoadingOllama, loadingOllama, USUAL_CONTEXT } from "../support/loading-ollama.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** Requests of two clients who take turns: one wants a small context, one a large one, and sometimes they do not say. */
const REQUESTS: readonly (readonly [path: string, more: object])[] = [
  ["/api/chat", { messages: [{ role: "user", content: "x" }], options: { num_ctx: 2048, temperature: 1 } }],
  ["/api/chat", { messages: [{ role: "user", content: "x" }], options: { num_ctx: 16384 } }],
  ["/api/generate", { prompt: "x", options: { num_ctx: 2048 }, keep_alive: "1m" }],
  ["/api/generate", { prompt: "x", stream: false }],
  ["/api/embed", { input: ["x"], options: { num_ctx: 16384 } }],
  ["/api/embeddings", { prompt: "x", options: null }],
  ["/api/generate", { prompt: "x", options: { num_ctx: 1024 } }],
  ["/api/generate", {}],
];

async function ask(router: Pick<Mellamo, "url">, path: string, body: object): Promise<void> {
  const answer = await fetch(router.url + path, { method: "POST", body: JSON.stringify(body) });
  expect([path, answer.status]).toEqual([path, 200]);
  await answer.arrayBuffer();
}

async function askAll(router: Pick<Mellamo, "url">, model: string): Promise<void> {
  for (const [path, more] of REQUESTS) await ask(router, path, { model, ...more });
}

function over(ollama: LoadingOllama, toml: string, more: object = {}): Promise<Mellamo> {
  return routerOver({ box: { url: ollama.url, engine: "ollama", ...more } }, toml);
}

test("without a force they do, each time the context changes", async () => {
  await using ollama = loadingOllama();
  await using router = await over(ollama, "[defaults]\noptions = { num_ctx = 8192 }\n");
  await askAll(router, "m");
  expect(ollama.contexts).toEqual([2048, 16384, 2048, 8192, 16384, 8192, 1024, 8192]);
  expect(ollama.reloads()).toBe(7);
});

const FORCE = "force = { options = { num_ctx = 8192 } }";

describe("with a force they do not", () => {
  test.each([
    ["on all models", `[defaults]\n${FORCE}\n`],
    ["on the model", `[models]\nm = { ${FORCE} }\n`],
    ["on the alias", `[aliases]\nx = { targets = ["m"], ${FORCE} }\n`],
    [
      "on an alias before it, against defaults of all kinds",
      `[defaults]\noptions = { num_ctx = 1 }\n[models]\nm = { options = { num_ctx = 2 } }\n` +
        `[aliases]\ny = { targets = ["m"], ${FORCE}, options = { num_ctx = 3 } }\nx = { targets = ["y"], options = { num_ctx = 4 } }\n`,
    ],
  ])("%s", async (_, toml) => {
    await using ollama = loadingOllama();
    await using router = await over(ollama, toml);
    const name = toml.includes("[aliases]") ? "x" : "m";
    await askAll(router, name);
    await Promise.all(REQUESTS.map(([path, more]) => ask(router, path, { model: name, ...more })));
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192], 0]);
  });

  test("whatever else of loading is forced beside it", async () => {
    await using ollama = loadingOllama();
    const force = "{ options = { num_ctx = 8192, num_gpu = 99, use_mmap = false, num_batch = 64 } }";
    await using router = await over(ollama, `[defaults]\nforce = ${force}\n`);
    await askAll(router, "m");
    await ask(router, "/api/generate", { model: "m", prompt: "x", options: { num_gpu: 1, num_batch: 512 } });
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192], 0]);
  });
});

describe("whoever loads it loads it with what requests get", () => {
  const TOML = `[models]\nm = { ${FORCE} }\n[aliases]\nx = "m"\n`;

  test("a client, with an empty request", async () => {
    await using ollama = loadingOllama();
    await using router = await over(ollama, TOML);
    await ask(router, "/api/generate", { model: "m", options: { num_ctx: 2048 } });
    await ask(router, "/api/chat", { model: "x", messages: [] });
    await askAll(router, "x");
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192], 0]);
  });

  test.each(["m", "x"])("mellamo load %s, also when it was unloaded before", async (name) => {
    await using ollama = loadingOllama();
    await using router = await over(ollama, TOML);
    const run = async (deed: string): Promise<void> => {
      const { status, err } = await command([deed, name, "--server", `127.0.0.1:${router.port}`]);
      expect([status, err]).toEqual([0, ""]);
    };
    await run("load");
    await askAll(router, name);
    await run("unload");
    await run("load");
    await askAll(router, name);
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192, 8192], 0]);
  });

  test.each(["m", "x"])("a preload of %s", async (name) => {
    await using ollama = loadingOllama();
    const preload = `[[backend]]\nname = "box"\nurl = "${ollama.url}"\nengine = "ollama"\npreload = ["${name}"]\n`;
    await using router = await routerOver({}, `${TOML}${preload}`);
    await router.log.until(/event=preloaded/);
    await askAll(router, name);
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192], 0]);
  });

  test("a default serves as well, as long as nobody says otherwise", async () => {
    await using ollama = loadingOllama();
    await using router = await over(ollama, "[models]\nm = { options = { num_ctx = 8192 } }\n");
    await ask(router, "/api/generate", { model: "m" });
    await ask(router, "/api/chat", { model: "m", messages: [{ role: "user", content: "x" }] });
    expect([ollama.contexts, ollama.reloads()]).toEqual([[8192], 0]);
    await ask(router, "/api/chat", { model: "n", messages: [{ role: "user", content: "x" }] });
    expect(ollama.contexts).toEqual([8192, USUAL_CONTEXT]);
  });
});
