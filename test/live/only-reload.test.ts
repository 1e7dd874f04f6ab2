/** Another `[listing] only` is in force with the reload: lists and serving change together, and running answers finish. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { answerers, askFor, listsOf, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";
import { change, reload, save } from "../support/reloading.ts";

setDefaultTimeout(20_000);

const MODELS = ["idle:latest", "ours:latest", "warm:latest"];
const OURS = '[models]\nours = { keep_alive = "1h" }\n';

test("all, configured, running, and back", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  ollama.list(MODELS, ["warm:latest"]);
  const tables = backendTable("a", ollama.url, 'engine = "ollama"');
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } }, OURS);
  const expected: readonly (readonly [only: string, open: readonly string[]])[] = [
    ["configured", ["ours:latest"]],
    ["running", ["ours:latest", "warm:latest"]],
    ["all", MODELS],
    ["running", ["ours:latest", "warm:latest"]],
    ["configured", ["ours:latest"]],
  ];
  for (const [only, open] of expected) {
    const { changed } = await change(router, `[listing]\nonly = "${only}"\n${OURS}${tables}`);
    expect(changed?.settings).toEqual(["listing.only"]);
    expect((await listsOf(router)).models).toEqual([...open]);
    for (const model of MODELS)
      expect([model, ...(await answerers(router, model, 1))]).toEqual([
        model,
        open.includes(model) ? `a ${model}` : "404",
      ]);
  }
});

test("a model is shown with its entry in [models], and hidden when that goes", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  const rest = backendTable("a", ollama.url, 'engine = "ollama"');
  const configured = '[listing]\nonly = "configured"\n';
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } }, configured + OURS);
  await change(router, `${configured}[models]\nidle = "a"\n${rest}`);
  expect((await listsOf(router)).models).toEqual(["idle:latest"]);
  expect(await answerers(router, "ours", 1)).toEqual(["404"]);
});

test("an answer that runs goes on when its model is hidden", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  const tables = backendTable("a", ollama.url, 'engine = "ollama"');
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } });
  ollama.behave((talk) => talk.begin(200));
  const asked = askFor(router, "idle");
  const talk = await ollama.talk(0);
  await change(router, `[listing]\nonly = "configured"\n${tables}`);
  await talk.chunk('{"model":"idle:latest","done":true}\n');
  await talk.chunk("");
  expect(await (await asked).text()).toBe('{"model":"idle","done":true}\n');
});

test("a value that is none changes nothing", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  await using router = await routerOver(
    { a: { url: ollama.url, engine: "ollama" } },
    `[listing]\nonly = "configured"\n${OURS}`,
  );
  await save(router, `[listing]\nonly = "some"\n${backendTable("a", ollama.url)}`);
  const { status, body } = await reload(router);
  expect([status, body.mistakes?.map(({ path, message }) => `${path}: ${message}`)]).toEqual([
    400,
    ['listing.only: expected "all", "configured", "running", got "some"'],
  ]);
  expect((await listsOf(router)).models).toEqual(["ours:latest"]);
});
