/** What is different between two configurations, as whoever asked for a reload reads it. */

import { describe, expect, test } from "bun:test";

import { changesBetween, changesText, fixedChanges } from "../../src/config/changes.ts";
import { configOf } from "../support/reading.ts";
import { NOTHING } from "../support/reloading.ts";

function changes(before: string, after: string): ReturnType<typeof changesBetween> {
  return changesBetween(configOf(before), configOf(after));
}

function text(before: string, after: string): string {
  return changesText(changes(before, after));
}

const A = '[[backend]]\nname = "a"\nurl = "http://a"\n';
const B = '[[backend]]\nname = "b"\nurl = "http://b"\n';

test.each([
  ["the same", A, A],
  ["comments and blanks", A, `# a comment\n\n${A.replaceAll(" = ", "=")}`],
  [
    "what holds anyway, written down",
    A,
    `[server]\ndrain = "30s"\nmax_body = "256MiB"\n${A}priority = 100\n`,
  ],
  ["the short form of an alias and the long one", '[aliases]\nx = "m"\n', '[aliases.x]\ntargets = ["m"]\n'],
  ["the order of aliases", '[aliases]\nx = "m"\ny = "n"\n', '[aliases]\ny = "n"\nx = "m"\n'],
  ["another way to write a duration", '[server]\ndrain = "1m"\n', '[server]\ndrain = "60s"\n'],
])("%s is no difference", (_, before, after) => {
  expect(changes(before, after)).toEqual(NOTHING);
  expect(text(before, after)).toBe("nothing");
});

test.each([
  ["server.max_body", '[server]\nmax_body = "1MiB"\n'],
  ["server.drain", '[server]\ndrain = "1s"\n'],
  ["server.origins", '[server]\norigins = ["*"]\n'],
  ["server.copy", '[server]\ncopy = "model"\n'],
  ["server.headers", "[server]\nheaders = false\n"],
  ["routing.queue_size", "[routing]\nqueue_size = 1\n"],
  ["routing.queue_timeout", '[routing]\nqueue_timeout = "1s"\n'],
  ["routing.sticky", "[routing]\nsticky = false\n"],
  ["listing.aliases", "[listing]\naliases = false\n"],
  ["log.level", '[log]\nlevel = "debug"\n'],
  ["log.format", '[log]\nformat = "json"\n'],
])("the setting %s", (key, toml) => {
  expect(changes(A, toml + A)).toEqual({ ...NOTHING, settings: [key] });
  expect(text(toml + A, A)).toBe(key);
  expect(fixedChanges(configOf(A), configOf(toml + A))).toEqual([]);
});

test.each([
  ["server.listen", '[server]\nlisten = "127.0.0.1:1"\n'],
  ["store.path", '[store]\npath = "other.json"\n'],
])("%s waits for a restart, and is no change until then", (key, toml) => {
  expect(fixedChanges(configOf(A), configOf(toml + A))).toEqual([key]);
  expect(changes(A, toml + A)).toEqual(NOTHING);
});

describe("backends", () => {
  test("that come and go", () => {
    expect(changes(A, A + B).backends).toEqual({ added: ["b"], removed: [], changed: [] });
    expect(changes(A + B, B).backends).toEqual({ added: [], removed: ["a"], changed: [] });
    expect(text(A, B)).toBe("backends +b -a");
  });

  test.each([
    'engine = "vllm"',
    "priority = 1",
    "weight = 2",
    "max_inflight = 1",
    'connect = "1s"',
    'first_byte = "1s"',
    'idle = "1s"',
    "failures = 1",
    'pause = "2s"',
    'max_pause = "2s"',
    'key = "k"',
    'include = ["x"]',
    'exclude = ["x"]',
    'probe_interval = "1s"',
    'probe_timeout = "1s"',
  ])("with another %s", (line) => {
    expect(changes(A, `${A}${line}\n`).backends).toEqual({ added: [], removed: [], changed: ["a"] });
    expect(text(A, `${A}${line}\n`)).toBe("backends ~a");
  });

  test.each([
    ["[health]", 'probe_interval = "1s"'],
    ["[health]", "failures = 1"],
    ["[timeouts]", 'idle = "1s"'],
  ])("of which %s says something else (%s), but for those that say it themselves", (section, line) => {
    const own = `${B}${line}\n`;
    expect(changes(A + own, `${section}\n${line}\n${A}${own}`).backends.changed).toEqual(["a"]);
  });

  test("that nobody named are told of, too", () => {
    expect(changes(A, "").backends.removed).toEqual(["a"]);
    expect(changes(A, "").backends.added).toContain("local-11434");
  });
});

test("aliases", () => {
  const before = '[aliases]\nstays = "m"\nother = "m"\ngoes = "m"\n';
  const after = '[aliases]\nstays = "m"\nother = ["m", "n"]\n"new-*" = "m"\n';
  expect(changes(before, after).aliases).toEqual({
    added: ["new-*"],
    removed: ["goes"],
    changed: ["other"],
  });
  expect(text(before, after)).toBe("aliases +new-* -goes ~other");
});

test("an alias with a target of another weight", () => {
  const alias = (weight: number) => `[aliases]\nx = [{ model = "m", weight = ${weight} }, "n"]\n`;
  expect(changes(alias(1), alias(2)).aliases.changed).toEqual(["x"]);
  expect(changes(alias(1), alias(1)).aliases.changed).toEqual([]);
});

test.each(["listed = false", "echo = false", 'strategy = "order"'])("an alias with %s", (line) => {
  const before = '[aliases.x]\ntargets = ["m", "n"]\n';
  expect(changes(before, before + line).aliases.changed).toEqual(["x"]);
});

test("pins", () => {
  const before = `${A}${B}[models]\nstays = "a"\nother = "a"\ngoes = "a"\n`;
  const after = `${A}${B}[models]\nstays = "a"\nother = ["a", "b"]\nnew = "b"\n`;
  expect(changes(before, after).models).toEqual({ added: ["new"], removed: ["goes"], changed: ["other"] });
});

test("all at once is one line", () => {
  const after = `[server]\ndrain = "1s"\n[log]\nlevel = "warn"\n${B}[models]\nm = "b"\n[aliases]\nx = "m"\n`;
  expect(text(A, after)).toBe("backends +b -a, aliases +x, models +m, server.drain, log.level");
});
