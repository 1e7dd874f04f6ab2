/** What a stored alias says beside its target is in force with the next request: where it leads, what lists show, what answers say. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { removeAliases, setAliases } from "../support/alias-api.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;
beforeAll(async () => {
  const answering =
    (who: string): Behaviour =>
    (talk) =>
      talk.answer(200, `{"model":"own-name","who":"${who}"}`);
  first = await rawBackend(["big", "both"], answering("first"));
  second = await rawBackend(["small", "both"], answering("second"));
  router = await routerOver({
    first: { url: first.url, engine: "openai", priority: 200 },
    second: { url: second.url, engine: "openai" },
  });
});
afterAll(async () => {
  await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
});

/** Who answered, and as whom. */
async function ask(model: string): Promise<object> {
  const body = JSON.stringify({ model, messages: [] });
  return (await (
    await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body })
  ).json()) as object;
}

async function listed(): Promise<string[]> {
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { data: { id: string }[] };
  const { models } = (await (await fetch(`${router.url}/api/tags`)).json()) as { models: { name: string }[] };
  const ids = data.map(({ id }) => id).sort();
  expect(models.map(({ name }) => name.replace(":latest", "")).sort()).toEqual(ids);
  return ids;
}

const MODELS = ["big", "both", "small"];

test("in a pool the backend of the highest priority answers, whichever target it has", async () => {
  await setAliases(router, { alias: "x", targets: ["small", "big"] });
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
  await setAliases(router, { alias: "x", targets: ["small", "big"], strategy: "pool" });
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
});

test("in an order the first target that somebody has is asked, until nobody has it any more", async () => {
  await setAliases(router, { alias: "x", targets: ["nosuch", "small", "big"], strategy: "order" });
  expect(await ask("x")).toEqual({ model: "x", who: "second" });
  await second.stop();
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
  await second.start();
});

test("a target on a named backend is asked there", async () => {
  await setAliases(router, { alias: "x", targets: [{ model: "both", backend: "second" }] });
  expect(await ask("x")).toEqual({ model: "x", who: "second" });
  await setAliases(router, { alias: "x", targets: [{ model: "both", backend: "first" }] });
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
});

test("lists show an alias as soon as it is made, and no longer once it is gone or says so", async () => {
  await removeAliases(router, "x");
  expect(await listed()).toEqual(MODELS);
  await setAliases(router, { alias: "x", target: "big" });
  expect(await listed()).toEqual([...MODELS, "x"]);
  await setAliases(router, { alias: "x", target: "big", listed: false });
  expect(await listed()).toEqual(MODELS);
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
  expect((await fetch(`${router.url}/v1/models/x`)).status).toBe(200);
  await setAliases(router, { alias: "x", target: "big", listed: true });
  expect(await listed()).toEqual([...MODELS, "x"]);
  await removeAliases(router, "x");
  expect(await listed()).toEqual(MODELS);
});

test("prefixes are in no list, nor are aliases of what nobody has", async () => {
  await setAliases(
    router,
    { alias: "p-", target: "big", prefix_matching: true, listed: true },
    { alias: "gone", target: "nosuch" },
  );
  expect(await listed()).toEqual(MODELS);
  await removeAliases(router, "p-", "gone");
});

test("answers bear the asked name unless the alias says otherwise", async () => {
  await setAliases(router, { alias: "x", target: "big" });
  expect(await ask("X:latest")).toEqual({ model: "X:latest", who: "first" });
  await setAliases(router, { alias: "x", target: "big", echo: false });
  expect(await ask("X:latest")).toEqual({ model: "own-name", who: "first" });
  await setAliases(router, { alias: "x", target: "big", echo: true });
  expect(await ask("x")).toEqual({ model: "x", who: "first" });
  await setAliases(router, { alias: "p-", target: "big", prefix_matching: true, echo: false });
  expect(await ask("p-1")).toEqual({ model: "own-name", who: "first" });
});
