/** `mellamo ls` lists what `[listing] only` leaves, each model with the backends where it may be asked for. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { command } from "../support/mellamo.ts";
import { tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const MODELS = ["warm:latest", "ours:latest", "idle:latest"];

test.each([
  ["all", { warm: ["a", "b"], ours: ["a", "b"], idle: ["a", "b"] }],
  ["configured", { ours: ["a", "b"] }],
  ["running", { warm: ["b"], ours: ["a", "b"] }],
])("only = %p", async (only, backends) => {
  await using a = await tellingOllama("a", MODELS);
  await using b = await tellingOllama("b", MODELS);
  b.list(MODELS, ["warm:latest"]);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    `[listing]\nonly = "${only}"\n[models]\nours = { keep_alive = "1h" }\n[aliases]\nfast = "idle"\n`,
  );
  const { out, status } = await command(["ls", "--json", "--server", `127.0.0.1:${router.port}`]);
  const [alias, ...models] = JSON.parse(out) as { name: string; backends: string[] }[];
  expect(status).toBe(0);
  expect(alias).toMatchObject({ name: "fast", stands_for: ["idle"], backends: ["a", "b"] });
  expect(
    Object.fromEntries(models.map(({ name, backends: on }) => [name.replace(/:latest$/, ""), on])),
  ).toEqual(backends);
});

test("where it leaves none, ls says so", async () => {
  await using a = await tellingOllama("a", MODELS);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" } },
    '[listing]\nonly = "configured"\n',
  );
  expect(await command(["ls", "--server", `127.0.0.1:${router.port}`])).toEqual({
    status: 0,
    out: "No names: [listing] only leaves out all that the backends have\n",
    err: "",
  });
});

test("load and unload of a hidden model need a backend's name", async () => {
  await using a = await tellingOllama("a", MODELS);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" } },
    '[listing]\nonly = "configured"\n',
  );
  const server = ["--server", `127.0.0.1:${router.port}`];
  expect(await command(["load", "idle", ...server])).toEqual({
    status: 1,
    out: "",
    err: "model 'idle' not found\n",
  });
  const there = await command(["load", "idle", "--backend", "a", ...server]);
  expect([there.status, there.out]).toEqual([
    0,
    expect.stringMatching(/^a: idle:latest loaded in \d+\.\d s\n$/),
  ]);
});
