/** A backend that is down does not make lists flicker, and delays none. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { canned } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { NOBODY, routerOver } from "../support/over.ts";

async function namesIn(router: Mellamo, path: string): Promise<string[]> {
  const list = (await (await fetch(router.url + path)).json()) as { models: { name: string }[] };
  return list.models.map(({ name }) => name).sort();
}

const FAST = '[health]\nprobe_interval = "50ms"\n[aliases]\nfast = "m"\n';

test("its models and their aliases stay listed, and are no longer said to be running", async () => {
  await using engine = canned(ollamaLists([tagsRow("m:latest")], [tagsRow("m:latest")]));
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } }, FAST);
  expect(await namesIn(router, "/api/ps")).toEqual(["fast:latest", "m:latest"]);
  const before = await (await fetch(`${router.url}/api/tags`)).text();
  await engine.stop();
  await router.log.until(/event="backend down" backend=a/);
  expect(await (await fetch(`${router.url}/api/tags`)).text()).toBe(before);
  expect(await namesIn(router, "/api/ps")).toEqual([]);
  const byId = await fetch(`${router.url}/v1/models/fast`);
  expect([byId.status, await byId.json()]).toMatchObject([200, { id: "fast" }]);
});

test("a model that may only be served by a backend that never came up is not listed", async () => {
  await using engine = canned(ollamaLists([tagsRow("m:latest")]));
  await using router = await routerOver(
    { a: { url: engine.url, engine: "ollama" }, gone: { url: NOBODY, engine: "ollama" } },
    '[models]\n"m" = "gone"\n[aliases]\nfast = "m"\n',
  );
  expect(await namesIn(router, "/api/tags")).toEqual([]);
});

test("a backend that says nothing when asked for its list delays no list", async () => {
  await using mute = await rawBackend(["m"], () => {}, "ollama");
  await using router = await routerOver(
    { a: { url: mute.url, engine: "ollama" } },
    FAST.replace("[health]", '[health]\nprobe_timeout = "300ms"'),
  );
  mute.list(undefined);
  await router.log.until(/event="backend down" backend=a .*no answer in time/);
  for (const path of ["/api/tags", "/api/ps", "/v1/models", "/api/version"]) {
    await within(500, fetch(router.url + path));
  }
});

test("a model that is gone from its backend is gone from the lists, one that is new is there", async () => {
  await using engine = canned(ollamaLists([tagsRow("old:latest")]));
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } }, FAST);
  engine.say("/api/tags", { models: [tagsRow("new:latest")] });
  const deadline = Date.now() + 5000;
  while ((await namesIn(router, "/api/tags"))[0] !== "new:latest" && Date.now() < deadline)
    await Bun.sleep(20);
  expect(await namesIn(router, "/api/tags")).toEqual(["new:latest"]);
});
