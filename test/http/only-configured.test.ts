/** `[listing] only = "configured"` shows and serves the models of `[models]`; all others are unknown, however they are spelled. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import type { RawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { answerers, askFor, everywhere, listsOf, statuses, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

setDefaultTimeout(20_000);

let attic: RawBackend;
let cellar: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  attic = await tellingOllama("attic", ["pinned:latest", "tuned:8b", "hidden:latest", "tuned:4b"]);
  cellar = await tellingOllama("cellar", ["Pinned:latest", "tuned:8b", "hidden:latest"]);
  attic.list(["pinned:latest", "tuned:8b", "hidden:latest", "tuned:4b"], ["hidden:latest", "tuned:8b"]);
  router = await routerOver(
    { attic: { url: attic.url, engine: "ollama" }, cellar: { url: cellar.url, engine: "ollama" } },
    [
      "[listing]",
      'only = "configured"',
      "[models]",
      'pinned = "cellar"',
      '"TUNED:8b" = { options = { temperature = 0.5 } }',
      '"not-here" = "attic"',
    ].join("\n"),
  );
});

afterAll(async () => {
  await Promise.all([router, attic, cellar].map((one) => one[Symbol.asyncDispose]()));
});

test("lists show the models of [models], pinned or not, whatever else is there and in memory", async () => {
  expect(await listsOf(router)).toEqual({
    tags: ["Pinned:latest", "tuned:8b"],
    ps: ["tuned:8b"],
    models: ["Pinned:latest", "tuned:8b"],
  });
});

test.each(["pinned", "PINNED:latest", "library/pinned", "tuned:8b", "Tuned:8B"])(
  "%s is served on every path",
  async (name) => {
    expect(await statuses(router, name)).toEqual(everywhere(200));
  },
);

test("one that is configured without a pin is served wherever it is, and a pinned one where it is pinned", async () => {
  expect(await answerers(router, "tuned:8b")).toEqual(["attic tuned:8b"]);
  expect(await answerers(router, "pinned")).toEqual(["cellar Pinned:latest"]);
});

test.each([
  "hidden",
  "hidden:latest",
  "HIDDEN",
  "library/hidden",
  "registry.ollama.ai/library/hidden:latest",
  " hidden ",
  "hidden:local",
  "tuned:4b",
])("%p is unknown on every path, and no engine hears of it", async (name) => {
  const before = attic.talks.length + cellar.talks.length;
  expect(await statuses(router, name)).toEqual(everywhere(404));
  expect(attic.talks.length + cellar.talks.length).toBe(before);
});

test.each([
  ["/api/chat", "hidden", { error: "model 'hidden' not found" }],
  ["/api/generate", "hidden", { error: "model 'hidden' not found" }],
  ["/api/show", "hidden", { error: "model 'hidden:latest' not found" }],
  ["/api/embed", "hidden", { error: 'model "hidden" not found, try pulling it first' }],
])("%s says of it what an Ollama says of a model that it does not have", async (path, name, words) => {
  expect(await (await askFor(router, name, path)).json()).toEqual(words);
});

test("a name that is nearly a hidden model's is not explained by it", async () => {
  for (const name of ["hiden", "hidden:lates", "tuned:4"]) {
    const text = await (await askFor(router, name)).text();
    expect([name, text.includes('"hidden'), text.includes("tuned:4b")]).toEqual([name, false, false]);
  }
  expect(await (await askFor(router, "pined")).text()).toContain('did you mean \\"Pinned\\"');
});

test("a model that is configured and nowhere is unknown as any other", async () => {
  const answer = await askFor(router, "not-here");
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: "model 'not-here' not found: it is pinned to attic, and not there" },
  ]);
});

test("resolve has no candidates for a hidden model, and the status tells which models are open", async () => {
  const resolved = await (await fetch(`${router.url}/mellamo/resolve?model=hidden`)).json();
  expect(resolved).toMatchObject({ candidates: [], problem: { status: 404 } });
  const { backends } = (await (await fetch(`${router.url}/mellamo/status`)).json()) as {
    readonly backends: readonly { readonly models: readonly { id: string; open: boolean }[] }[];
  };
  expect(backends.map(({ models }) => models.map(({ id, open }) => `${id} ${open}`))).toEqual([
    ["tuned:8b true", "hidden:latest false", "tuned:4b false"],
    ["Pinned:latest true", "tuned:8b true", "hidden:latest false"],
  ]);
});
