/** The router tells what is asked of each candidate's model, and on which paths some of it gets lost. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { aliasCall, removeAliases } from "../support/alias-api.ts";
import { rawBackend } from "../support/backend.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

const TOML = `
[defaults]
options = { temperature = 0, top_k = 5 }
[models]
big = { force = { options = { seed = 1 } } }
[aliases]
inner = { targets = ["both"], options = { num_ctx = 4096, temperature = 1 }, force = { keep_alive = 60 } }
outer = { targets = ["inner"], options = { num_ctx = 8192 } }
hot = { targets = ["big"], options = { num_ctx = 8192 } }
`;

let starting: AsyncDisposableStack;
let router: Mellamo;
beforeAll(async () => {
  starting = new AsyncDisposableStack();
  const ollama = starting.use(await rawBackend(["small", "both"], noSuchPath, "ollama"));
  const llama = starting.use(await rawBackend(["big", "both"], noSuchPath));
  const backends = {
    box: { url: ollama.url, engine: "ollama", priority: 200 },
    attic: { url: llama.url, engine: "llamacpp" },
  };
  router = starting.use(await routerOver(backends, TOML));
});
afterAll(() => starting.disposeAsync());

interface Asked {
  readonly backend: string;
  readonly parameters: object | null;
  readonly unmet: Readonly<Record<string, readonly string[]>>;
}

async function resolve(model: string, path?: string): Promise<readonly Asked[]> {
  const query = new URLSearchParams({ model, ...(path === undefined ? {} : { path }) });
  const answer = await fetch(`${router.url}/mellamo/resolve?${query}`);
  const { candidates } = (await answer.json()) as { readonly candidates: readonly Asked[] };
  return candidates.map(({ backend, parameters, unmet }) => ({ backend, parameters, unmet }));
}

const CHAT = "/v1/chat/completions";
const [TEXT, RESPONSES, MESSAGES] = ["/v1/completions", "/v1/responses", "/v1/messages"];
const V1 = [CHAT, TEXT, RESPONSES, MESSAGES];

const OUTER = {
  options: { temperature: 1, top_k: 5, num_ctx: 8192 },
  force: { keep_alive: 60 },
};

test("what all levels ask together, and what of it each engine has no place for", async () => {
  expect(await resolve("outer")).toEqual([
    {
      backend: "box",
      parameters: OUTER,
      unmet: { keep_alive: V1, num_ctx: V1, top_k: [CHAT, TEXT, RESPONSES] },
    },
    { backend: "attic", parameters: OUTER, unmet: { keep_alive: V1, num_ctx: V1, top_k: [RESPONSES] } },
  ]);
  expect(await resolve("hot")).toEqual([
    {
      backend: "attic",
      parameters: { options: { temperature: 0, top_k: 5, num_ctx: 8192 }, force: { options: { seed: 1 } } },
      unmet: { seed: [RESPONSES, MESSAGES], num_ctx: V1, top_k: [RESPONSES] },
    },
  ]);
});

test("on one path", async () => {
  const unmet = async (path: string): Promise<object | undefined> => (await resolve("outer", path))[0]?.unmet;
  expect(await unmet("/api/chat")).toEqual({});
  expect(await unmet(CHAT)).toEqual({ keep_alive: [CHAT], num_ctx: [CHAT], top_k: [CHAT] });
  expect(await unmet("/v1/messages")).toEqual({ keep_alive: [MESSAGES], num_ctx: [MESSAGES] });
});

test("mellamo resolve says it in words", async () => {
  const run = async (...args: string[]): Promise<string[]> => {
    const { out, status } = await command(["resolve", ...args, "--server", `127.0.0.1:${router.port}`]);
    expect(status).toBe(0);
    return out.split("\n").filter((line) => !/ priority \d+$/.test(line));
  };
  const asked = "temperature = 1, top_k = 5, num_ctx = 8192; forced: keep_alive = 60";
  expect(await run("outer")).toEqual([
    "outer is the alias outer -> inner for both",
    `box: ${asked}`,
    "  not on /v1: keep_alive, num_ctx",
    `  not on ${CHAT}, ${TEXT}, ${RESPONSES}: top_k`,
    `attic: ${asked}`,
    "  not on /v1: keep_alive, num_ctx",
    `  not on ${RESPONSES}: top_k`,
    "",
  ]);
  expect(await run("small", "--path", "/api/chat")).toEqual([
    "small is a model",
    "box: temperature = 0, top_k = 5",
    "",
  ]);
  expect(await run("small", "--path", CHAT)).toEqual([
    "small is a model",
    "box: temperature = 0, top_k = 5",
    `  not on ${CHAT}: top_k`,
    "",
  ]);
});

describe("whoever sets an alias is warned of what does not get through", () => {
  test.each<[string, object, string | null]>([
    ["small", { options: { num_ctx: 1 } }, "clients of /v1 do not get num_ctx"],
    ["small", { options: { temperature: 1 }, force: { options: { num_predict: 9 } } }, null],
    ["big", { options: { num_ctx: 1 }, keep_alive: 5 }, "num_ctx, keep_alive cannot be asked of llama.cpp"],
    ["big", { options: { top_k: 1 } }, `clients of ${RESPONSES} do not get top_k`],
    ["both", { force: { keep_alive: 5 } }, "clients of /v1 do not get keep_alive"],
    ["outer", { force: { keep_alive: 5 } }, "clients of /v1 do not get keep_alive"],
    // nobody knows yet who will have it
    ["later", { keep_alive: 5 }, 'no backend has "later"; clients of /v1 do not get keep_alive'],
  ])("%s: %j", async (target, more, warning) => {
    const answer = await aliasCall(router, "POST", { alias: "new", target, ...more });
    expect([answer.status, answer.warning]).toEqual([200, warning]);
    await removeAliases(router, "new");
  });

  test("mellamo alias set passes the warning on", async () => {
    const args = ["alias", "set", "new", "big", "--option", "num_ctx=1"];
    expect(await command([...args, "--server", `127.0.0.1:${router.port}`])).toEqual({
      status: 0,
      out: "new -> big\n",
      err: "warning: num_ctx cannot be asked of llama.cpp\n",
    });
    await removeAliases(router, "new");
  });
});

test("a prefix is taken to lead to the engines that there are", async () => {
  await using llama = await rawBackend(["big"], noSuchPath);
  await using alone = await routerOver({ attic: { url: llama.url, engine: "llamacpp" } });
  const prefix = { alias: "new-", target: "big", prefix_matching: true };
  const warning = async (options: object): Promise<string | null> =>
    (await aliasCall(alone, "POST", { ...prefix, options })).warning;
  expect(await warning({ num_ctx: 1 })).toBe("num_ctx cannot be asked of llama.cpp");
  expect(await warning({ top_k: 1 })).toBe(`clients of ${RESPONSES} do not get top_k`);
});
