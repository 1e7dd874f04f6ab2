/** Another engine on the port of one that is gone is found out, also if nobody has seen the port without any. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { eventually, within } from "../support/deadline.ts";
import { SGLANG, VLLM } from "../support/engine-shapes.ts";
import { type FakeEngine, fakeEngine, type Pages } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { routerOver } from "../support/over.ts";
import { aliasTo } from "../support/reloading.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const OFTEN = '[health]\nprobe_interval = "50ms"\n';

function answering(pages: Pages["pages"], headers: Readonly<Record<string, string>> = {}): Pages {
  return {
    pages,
    others: (path, method) =>
      method === "POST"
        ? Response.json({ model: "m", path }, { headers })
        : new Response("404 page not found", { status: 404, headers }),
  };
}

/** With its own header, as web frameworks have them. */
function page(value: unknown, server: string): () => Response {
  return () => Response.json(value, { headers: { server } });
}

const LIST = { object: "list", data: [{ id: "m", object: "model", owned_by: "me" }] };
const VLLM_LIST = { object: "list", data: [{ id: "m", object: "model", owned_by: "vllm" }] };

/** They have one model in common, so that its name tells nothing. */
const ENGINES: Readonly<Record<string, Pages>> = {
  ollama: answering({
    ...ollamaLists([tagsRow("m")]),
    "/": "Ollama is running",
    "/v1/models": LIST,
  }),
  llamacpp: answering(
    {
      "/props": page({ build_info: "b1-de3ff81" }, "llama.cpp"),
      "/v1/models": page(LIST, "llama.cpp"),
    },
    { server: "llama.cpp" },
  ),
  vllm: answering({
    "/v1/models": page(VLLM_LIST, "uvicorn"),
    "/version": page({ version: "0.11.0" }, "uvicorn"),
  }),
  openai: answering({ "/v1/models": page(LIST, "something else") }),
};

const PAIRS = Object.keys(ENGINES).flatMap((from) =>
  Object.keys(ENGINES)
    .filter((to) => to !== from)
    .map((to) => [from, to] as const),
);

/** A path that the one engine has and the other has not. */
const OWN_PATH: Readonly<Record<string, string>> = {
  ollama: "/api/chat",
  llamacpp: "/v1/messages/count_tokens",
  vllm: "/v1/audio/translations",
  openai: "/v1/images/generations",
};

const stack = new AsyncDisposableStack();
const engines = new Map<string, FakeEngine>();
let router: Mellamo;

// one router for all of them: to start many takes a busy machine long
beforeAll(async () => {
  for (const [from, to] of PAIRS) engines.set(`${from}-${to}`, stack.use(fakeEngine(pagesOf(from))));
  const tables = [...engines].map(([name, { url }]) => [name, { url }] as const);
  const aliases = [...engines.keys()].map((name) => aliasTo(name, name));
  router = stack.use(await routerOver(Object.fromEntries(tables), `${OFTEN}[aliases]\n${aliases.join("")}`));
});

afterAll(() => stack.disposeAsync());

function pagesOf(engine: string): Pages {
  return ENGINES[engine] ?? { pages: {} };
}

test.each(PAIRS)("%s, then %s", async (from, to) => {
  const name = `${from}-${to}`;
  expect((await backendNamed(name, router)).engine).toBe(from);
  engines.get(name)?.become(pagesOf(to));
  await eventually(SOON_MS, async () => {
    const { engine, up } = await backendNamed(name, router);
    return engine === to && up;
  });
  const { answer } = ask(router, "", { model: name, path: OWN_PATH[to] ?? "" });
  expect((await within(SOON_MS, answer)).status).toBe(200);
});

test("one with other models is another one, too", async () => {
  await using engine = fakeEngine(VLLM);
  await using alone = await routerOver({ b: { url: engine.url } }, OFTEN);
  engine.become(SGLANG);
  await eventually(SOON_MS, async () => (await backendNamed("b", alone)).engine === "sglang");
  const { models } = await backendNamed("b", alone);
  expect(models.map(({ id }) => id)).toEqual(["meta-llama/Llama-3.1-8B-Instruct"]);
});

test("one with the same model on the same kind of web server is known by whom it says the model belongs to", async () => {
  const list = (owner: string): (() => Response) =>
    page({ object: "list", data: [{ id: "m", object: "model", owned_by: owner }] }, "uvicorn");
  await using engine = fakeEngine(answering({ "/v1/models": list("vllm") }));
  await using alone = await routerOver({ b: { url: engine.url } }, OFTEN);
  expect((await backendNamed("b", alone)).engine).toBe("vllm");
  engine.become(answering({ "/v1/models": list("sglang") }));
  await eventually(5000, async () => (await backendNamed("b", alone)).engine === "sglang");
});

test("one that its owner has named stays what it is called", async () => {
  await using engine = fakeEngine(pagesOf("vllm"));
  await using alone = await routerOver({ b: { url: engine.url, engine: "openai" } }, OFTEN);
  engine.become(pagesOf("llamacpp"));
  const asked = engine.asked.length;
  await eventually(SOON_MS, () => engine.asked.length > asked + 5);
  expect(await backendNamed("b", alone)).toMatchObject({ engine: "openai", up: true });
});
