/** A saved file with wrong parameters changes nothing; what is merely not there keeps nobody from running. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { answerers, askFor, listsOf, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";
import { change, configState, reload, save } from "../support/reloading.ts";

setDefaultTimeout(20_000);

const GOOD = "[defaults]\noptions = { temperature = 0.5 }\n";

test.each([
  ["defaults.options", "[defaults]\noptions = 1\n"],
  ["defaults.options.num_ctx", '[defaults]\noptions = { num_ctx = "8k" }\n'],
  ["defaults.options.num_ctxt", "[defaults]\noptions = { num_ctxt = 1 }\n"],
  ["defaults.keep_alive", '[defaults]\nkeep_alive = "ever"\n'],
  ["defaults.force.temperature", "[defaults]\nforce = { temperature = 1 }\n"],
  ["models.m", "[models]\nm = {}\n"],
  ["models.m", '[models]\nm = ["gpu", "elsewhere"]\n'],
  ['models."M:latest"', '[models]\nm = "gpu"\n"M:latest" = "gpu"\n'],
  ["aliases.a.force.keep_alive", '[aliases]\na = { targets = ["m"], force = { keep_alive = {} } }\n'],
])("a mistake at %s: the old parameters stay in force", async (path, toml) => {
  await using ollama = await tellingOllama("gpu", ["m:latest"]);
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } }, GOOD);
  await save(router, toml + backendTable("gpu", ollama.url, 'engine = "ollama"'));
  const { status, body } = await reload(router);
  expect([status, body.mistakes?.map((mistake) => mistake["path"])]).toEqual([400, [path]]);
  expect((await configState(router)).config_troubles).toEqual([expect.stringContaining(`: ${path}: `)]);
  await askFor(router, "m");
  const [talk] = ollama.talks;
  expect(JSON.parse(String(talk?.body))).toMatchObject({ options: { temperature: 0.5 } });
});

test("a preload and pins of what is nowhere are no mistakes: the rest is served", async () => {
  await using ollama = await tellingOllama("gpu", ["m:latest"]);
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } }, GOOD);
  const table = backendTable("gpu", ollama.url, 'engine = "ollama"\npreload = ["nowhere", "lost"]');
  await change(
    router,
    `[models]\nabsent = "gpu"\n"tuned:1b" = { keep_alive = 5 }\n[aliases]\nlost = "nobody"\n${table}`,
  );
  expect((await configState(router)).config_troubles).toEqual([]);
  expect(await answerers(router, "m")).toEqual(["gpu m:latest"]);
  for (const name of ["absent", "tuned:1b", "lost", "nowhere"])
    expect(await answerers(router, name, 1)).toEqual(["404"]);
  expect((await listsOf(router)).models).toEqual(["m:latest"]);
});
