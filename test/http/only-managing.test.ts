/** Calls about models, where `[listing] only` hides some: what is hidden cannot be deleted or copied, but pulled and loaded. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { setAliases } from "../support/alias-api.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { listsOf } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

setDefaultTimeout(20_000);

let stack: AsyncDisposableStack;
let first: ManagingOllama;
let second: ManagingOllama;
let router: Mellamo;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  first = stack.use(await managingOllama(["m", "hidden", "ours"]));
  second = stack.use(await managingOllama(["m", "hidden", "ours"]));
  router = stack.use(
    await routerOver(
      { first: { url: first.url, engine: "ollama" }, second: { url: second.url, engine: "ollama" } },
      '[listing]\nonly = "configured"\n[models]\nours = { keep_alive = "1h" }\nnew = ["first"]\n',
    ),
  );
});

afterEach(() => stack.disposeAsync());

function call(method: string, path: string, body: object): Promise<Response> {
  return fetch(router.url + path, { method, body: JSON.stringify(body) });
}

test("a hidden model cannot be deleted: it is not found", async () => {
  const answer = await call("DELETE", "/api/delete", { model: "hidden" });
  expect([answer.status, await answer.json()]).toEqual([404, { error: "model 'hidden' not found" }]);
  expect([first.deeds, second.deeds]).toEqual([[], []]);
});

test("a configured one is deleted wherever it is", async () => {
  expect((await call("DELETE", "/api/delete", { model: "Ours" })).status).toBe(200);
  expect([first.deeds.length, second.deeds.length]).toEqual([1, 1]);
});

test("deleting an alias that bears a hidden model's name deletes the alias alone", async () => {
  await setAliases(router, { alias: "hidden", target: "m" });
  expect((await call("DELETE", "/api/delete", { model: "hidden" })).status).toBe(200);
  expect([first.deeds, second.deeds]).toEqual([[], []]);
  expect((await call("DELETE", "/api/delete", { model: "hidden" })).status).toBe(404);
});

test("a hidden model cannot be copied, and what is copied may get its name", async () => {
  const hidden = await call("POST", "/api/copy", { source: "hidden", destination: "mine" });
  expect([hidden.status, await hidden.json()]).toEqual([404, { error: 'model "hidden" not found' }]);
  expect((await call("POST", "/api/copy", { source: "ours", destination: "hidden" })).status).toBe(200);
  expect((await listsOf(router)).models).toEqual(["hidden", "ours:latest"]);
});

test("a stored alias that bears a hidden model's name is pulled as what it stands for", async () => {
  await setAliases(router, { alias: "hidden", target: "new" });
  const answer = await call("POST", "/api/pull", { model: "hidden" });
  await answer.text();
  expect([first.deeds, second.deeds]).toEqual([['POST /api/pull {"model":"new"}'], []]);
});

test("what is pulled is shown where it is configured, and hidden where it is not", async () => {
  for (const model of ["new", "other"]) await (await call("POST", "/api/pull", { model })).text();
  expect((await listsOf(router)).models).toEqual(["new:latest", "ours:latest"]);
});

test("a hidden model can be loaded on a backend, and pulled to it: its owner may do what they like", async () => {
  for (const deed of ["load", "pull"]) {
    const answer = await call("POST", `/mellamo/backends/second/${deed}`, { model: "HIDDEN" });
    expect(answer.status).toBe(200);
    await answer.text();
  }
  expect(second.deeds.map((text) => text.replace(/ \{"model":"/, " ").replace(/".*/, ""))).toEqual([
    "POST /api/generate hidden:latest",
    "POST /api/pull hidden:latest",
  ]);
  expect((await listsOf(router)).models).toEqual(["ours:latest"]);
});
