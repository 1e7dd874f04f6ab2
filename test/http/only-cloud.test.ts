/** Names of Ollama's cloud, which no list shows, under `[listing] only` and under pins. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { answerers, askFor, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

setDefaultTimeout(20_000);

const NAME = "gpt-oss:120b-cloud";

test.each(["configured", "running"])(
  'with only = "%s" they are served where they are configured',
  async (only) => {
    await using ollama = await tellingOllama("a", []);
    await using router = await routerOver(
      { a: { url: ollama.url, engine: "ollama" } },
      [
        `[listing]\nonly = "${only}"`,
        `[models]\n"${NAME}" = { options = { temperature = 0 } }`,
        '[aliases]\nbig = "deepseek-v3.1:671b-cloud"',
      ].join("\n"),
    );
    expect(await answerers(router, NAME.toUpperCase(), 1)).toEqual([`a ${NAME.toUpperCase()}`]);
    expect(await answerers(router, "big", 1)).toEqual(["a deepseek-v3.1:671b-cloud"]);
    const before = ollama.talks.length;
    for (const path of ["/api/chat", "/api/show", "/v1/chat/completions"])
      expect((await askFor(router, "deepseek-v3.1:671b-cloud", path)).status).toBe(404);
    expect((await fetch(`${router.url}/v1/models/deepseek-v3.1:671b-cloud`)).status).toBe(404);
    expect(ollama.talks.length).toBe(before);
  },
);

test("one that an Ollama lists, because it was pulled, is hidden and served as any other", async () => {
  await using ollama = await tellingOllama("a", [NAME, "qwen3-coder:480b-cloud"]);
  await using router = await routerOver(
    { a: { url: ollama.url, engine: "ollama" } },
    `[listing]\nonly = "configured"\n[models]\n"${NAME}" = "a"\n`,
  );
  expect(await answerers(router, NAME, 1)).toEqual([`a ${NAME}`]);
  expect(await answerers(router, "qwen3-coder:480b-cloud", 1)).toEqual(["404"]);
});

test("one that is pinned goes nowhere else", async () => {
  await using first = await tellingOllama("first", []);
  await using second = await tellingOllama("second", []);
  await using third = await tellingOllama("third", []);
  await using router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
      third: { url: third.url, engine: "ollama" },
    },
    `[models]\n"${NAME}" = ["second", "third"]\n[aliases]\nbig = "${NAME}"\n`,
  );
  for (const name of [NAME, "big"]) {
    const seen = await answerers(router, name);
    expect(seen.filter((answer) => answer.startsWith("first"))).toEqual([]);
  }
  await second.stop();
  expect(await answerers(router, NAME)).toEqual([`third ${NAME}`]);
});
