/** What `mellamo init` writes means what was found, whatever engines call their models and themselves. */

import { expect, test } from "bun:test";

import { initText } from "../../src/cli/init/text.ts";
import { lookAround } from "../../src/cli/look-around.ts";
import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { leadsNowhere } from "../../src/http/nowhere.ts";
import { canned, type FakeEngine } from "../support/fake-engine.ts";
import { forSeedsInTurn, type Random } from "../support/random.ts";

/** Pieces of names that end what they stand in, or mean something there, where they are not escaped. */
const PIECES = [
  ...['"', '"""', "'", "'''", "\\", "\\u0041", "\\n", "#", "[[backend]]", "]", "= ", ",", "."],
  ...[
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u001b[31m",
    "\u007f",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\ud800",
    "\udc00",
  ],
  ...[
    "${HOME}",
    "$${",
    "${",
    "*",
    "é",
    "模型",
    "🦙",
    " ",
    "m",
    "m:8b",
    "org/",
    "my-model",
    "__proto__",
    "${x:-y}",
  ],
];

const SEEDS = 60;

test("whatever they are called, the text has no mistakes, and leads to what was found", async () => {
  await forSeedsInTurn(SEEDS, async (random) => {
    await using engines = new AsyncDisposableStack();
    const urls = random.list(1 + random.below(3), () => engines.use(hostile(random)).url);
    const found = read(
      urls.map((url) => `[[backend]]\nurl = "${url}"\nname = "b${url.replaceAll(/\D/g, "")}"\n`).join(""),
    );
    const { fleet } = await lookAround(found, []);
    const text = initText(fleet.backends, []);
    const config = read(text);
    expect(config.backends.map(({ origin, engine }) => [origin, engine])).toEqual(
      fleet.backends.map(({ settings, engine }) => [settings.origin, engine?.name]),
    );
    // with the examples in force, too
    read(text.replaceAll(/^#(?=\S)/gm, ""));
    const names = fleet.backends.flatMap(({ stock }) => stock.models.map(({ id }) => id));
    const usable = names.filter((name) => name.isWellFormed() && !name.includes("*"));
    expect(config.aliases).toHaveLength(usable.length === 0 ? 0 : 1);
    const again = await lookAround(config, []);
    for (const alias of config.aliases) {
      expect(names).toContain(alias.targets[0]?.model ?? "");
      expect(leadsNowhere(alias, again)).toBe(false);
      expect(again.fleet.isOpen(alias.name)).toBe(false);
    }
    // every name is there to be copied
    const shown = text.match(/(?<=\n#   )"[^\n]*"(?=\n)/g) ?? [];
    expect(shown).toHaveLength(names.length);
    // half a character has no place in a file
    expect(shown.map(copied)).toEqual(names.map((name) => name.toWellFormed()));
  });
});

/** An Ollama, or a server of OpenAI's kind. */
function hostile(random: Random): FakeEngine {
  const text = (): string => random.list(1 + random.below(5), () => random.pick(PIECES)).join("");
  const names = random.list(random.below(6), text);
  const rows = names.map((name) => ({
    name,
    model: name,
    digest: "d",
    id: name,
    capabilities: random.pick([[], ["embedding"], ["completion"]]),
  }));
  return random.chance(0.5)
    ? canned({
        "/api/tags": { models: rows },
        "/api/ps": { models: [] },
        "/api/version": { version: text() },
      })
    : canned({ "/v1/models": { data: rows } });
}

/** What a name in a comment would be in the place of a value. */
function copied(value: string): string {
  const config = read(`[[backend]]\nurl = "http://h"\nexclude = [${value}]`);
  return config.backends[0]?.exclude[0] ?? "";
}

function read(toml: string): Config {
  const reading = readConfig(toml, "config.toml", {});
  if (reading.kind === "mistakes") throw new Error(`${JSON.stringify(reading.mistakes)}\n${toml}`);
  return reading.config;
}

test("a model of a machine of one's own that chats goes before others, and the example never hides a model", async () => {
  await using engine = canned({
    "/api/tags": {
      models: [
        row("embedder", ["embedding"]),
        row("gpt-oss:120b-cloud", ["completion"]),
        row("My-Model", ["embedding"]),
        row("chatty", ["completion", "tools"]),
      ],
    },
    "/api/ps": { models: [] },
    "/api/version": { version: "1" },
  });
  const { fleet } = await lookAround(read(`[[backend]]\nurl = "${engine.url}"`), []);
  expect(initText(fleet.backends, [])).toContain('\nmy-model-2 = "chatty"\n');
});

test("a long list of models is cut", async () => {
  await using engine = canned({
    "/v1/models": { data: Array.from({ length: 500 }, (_, at) => ({ id: `m${at}` })) },
  });
  const { fleet } = await lookAround(read(`[[backend]]\nurl = "${engine.url}"`), []);
  const text = initText(fleet.backends, []);
  expect(text).toContain("(models: 500)");
  expect(text).toContain("\n#   … (mellamo ls shows them all)\n");
  expect(text.split("\n").length).toBeLessThan(100);
});

test.each([
  [
    ["http://gpu:11434", "http://gpu:8000"],
    ["gpu", "gpu-8000"],
  ],
  [
    ["http://[fd00::1]:1", "https://xn--mnchen-3ya.example"],
    ["fd00::1", "xn--mnchen-3ya.example"],
  ],
  [
    ["http://127.0.0.1:1", "http://localhost:2", "http://[::1]:3"],
    ["local", "local-2", "local-3"],
  ],
  [
    ["http://a", "http://a:81", "https://a"],
    ["a", "a-81", "a-default"],
  ],
])("the backends at %j are called %j", (urls, names) => {
  const backends = urls.map((url) => ({ ...unseen, settings: { origin: url } }) as never);
  expect(read(initText(backends, [])).backends.map(({ name }) => name)).toEqual(names);
});

const unseen = { engine: undefined, stock: { up: false, trouble: "connection refused", models: [] } };

function row(name: string, capabilities: readonly string[]): object {
  return { name, model: name, digest: "d", capabilities };
}
