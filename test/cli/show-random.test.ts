/** What `check --show` prints means what it was made of, whatever files, flags and variables said: but for secrets. */

import { expect, test } from "bun:test";

import { shownConfig } from "../../src/cli/shown-config.ts";
import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { readBy } from "../support/given.ts";
import { forSeeds, type Random } from "../support/random.ts";

/** Texts that end where they should only if they are escaped. */
const TEXTS = [
  "m",
  "llama3.1:8b",
  "hf.co/org/repo:Q4",
  "key",
  "123",
  "__proto__",
  "constructor",
  "q\"uo'te",
  "back\\slash",
  "# = [x]",
  "é 模型",
  "$${HOME} and $$${x:-y}",
];
/** What may stand in a text, and in no name. */
const ODD = ["\n", "\t", "\u007f", "\u0085", "\u2028", "$${", ""];
const DURATIONS = ["1ms", "2s", "1m30s", "1h"];
const NUMBERS = [0, -1, 0.5, 1e21, 1e-7, 4096, 9_007_199_254_740_991];

const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

interface Said {
  readonly toml: string;
  readonly line: readonly string[];
}

function said(random: Random): Said {
  const backends = random.list(random.below(4), (index) => `b${index}`);
  const text = (): string => random.pick(TEXTS);
  const names = (count: number): string[] => random.shuffled(TEXTS).slice(0, count);
  const some = (line: string): string => (random.chance(0.5) ? `${line}\n` : "");
  const option = (): string => {
    const stop = random.list(random.below(3), () => quoted(text() + random.pick(ODD)));
    return random.pick([
      `stop = [${stop.join(", ")}]`,
      `num_ctx = ${1 + random.below(9999)}`,
      `temperature = ${random.pick(NUMBERS)}`,
      `"odd key" = ${random.pick(["true", quoted(random.pick(ODD)), "[1, 2]"])}`,
    ]);
  };
  const parameters = (): string =>
    random.pick([
      `options = { ${option()} }`,
      `keep_alive = ${random.pick(['"30m"', "-1", "0"])}`,
      `force = { options = { ${option()} } }`,
    ]);
  const home = (): string =>
    random.pick([quoted(random.pick(backends)), `[${backends.map(quoted).join(", ")}]`]);
  const target = (): string =>
    random.pick([quoted(`t-${text()}`), `{ model = ${quoted(`t-${text()}`)}, weight = 0.25 }`]);
  const alias = (): string =>
    random.pick([
      quoted(`t-${text()}`),
      `[${target()}, ${target()}]`,
      `{ targets = [${target()}], strategy = "order", listed = false, ${parameters()} }`,
    ]);
  const waits = (): string =>
    some(`connect = "${random.pick(DURATIONS)}"`) + some(`idle = "${random.pick(DURATIONS)}"`);
  const toml = [
    `[server]\n${some('listen = ":8080"')}${some(`origins = [${quoted(text())}]`)}${some('max_body = "1MiB"')}`,
    `[timeouts]\n${waits()}`,
    `[health]\n${some("failures = 5")}${some('pause = "3s"')}`,
    `[listing]\n${some('only = "running"')}${some("aliases = false")}`,
    `[store]\n${some(`path = ${quoted(random.pick(["a.json", "/b/$${c}.json", "~/d.json"]))}`)}`,
    `[log]\n${some('level = "error"')}`,
    `[defaults]\n${some(parameters())}`,
    ...backends.map(
      (name, index) =>
        `[[backend]]\nname = "${name}"\nurl = "http://h:${index}"\n${waits()}${some('key = "hunter2"')}${some("weight = 0.5")}${some(`include = [${quoted(text())}]`)}${some(`preload = [${quoted("m")}]`)}${some(parameters())}`,
    ),
    `[models]\n${
      backends.length === 0
        ? ""
        : names(random.below(4))
            .map((name) => `${quoted(name)} = ${random.pick([home(), `{ ${parameters()} }`])}\n`)
            .join("")
    }`,
    `[aliases]\n${names(random.below(5))
      .map((name) => `${quoted(name)} = ${alias()}\n`)
      .join("")}`,
  ].join("");
  return { toml, line: lineOf(random, backends) };
}

function lineOf(random: Random, backends: readonly string[]): string[] {
  const flags = [
    ["--listen", "127.0.0.1:1"],
    ["--level", "trace"],
    ["--list-aliases=false"],
    ["--connection", "c=http://other:1"],
    ["--connection", "b0=http://new:1"],
    ["--proxy", `${random.pick(TEXTS).replaceAll(/[=,]/g, "")}=https://h`],
    ["--proxy", `m=${random.pick(backends.length === 0 ? ["http://h:0"] : backends)}`],
    ["--alias", `${random.pick(TEXTS).replaceAll(/[=,]/g, "")}=t-m`],
  ];
  return flags.filter(() => random.chance(0.3)).flat();
}

function withoutSecrets(config: Config): Config {
  return { ...config, backends: config.backends.map((one) => ({ ...one, key: undefined })) };
}

test("what is shown means the same, and no secret is in it", () => {
  forSeeds(500, (random) => {
    const { toml, line } = said(random);
    const { config, written } = readBy(line, { HOME: "/home/me" }, toml);
    const shown = shownConfig(written, config);
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const again = readConfig(shown, "/elsewhere/shown.toml", { HOME: "/home/you" });
    if (again.kind !== "config") throw new Error(`${JSON.stringify(again.mistakes)}\n${shown}`);
    expect(withoutSecrets(again.config)).toEqual(withoutSecrets(config));
    // and whoever shows what was shown gets the same settings
    const settings = (text: string): string => text.replaceAll(/ {2}# \S.*$/gm, "");
    const whole = config.backends.every(({ key }) => key === undefined);
    if (whole) expect(settings(shownConfig(again.written, again.config))).toBe(settings(shown));
  });
});
