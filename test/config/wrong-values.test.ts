/** What a key of the file may not hold: one mistake that names the key and says what was expected. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

const LISTEN = 'expected "host:port", ":port", "[::1]:port" or "unix:/path"';
const URL_EXAMPLE = 'expected a URL such as "http://127.0.0.1:11434"';
const PATH_ADVICE = "the router adds what follows the port";

/** The place of the only mistake is not looked at here. */
function onlyMistake(toml: string): string {
  const mistakes = mistakesOf(toml);
  expect(mistakes).toHaveLength(1);
  return (mistakes[0] ?? "").replace(/^\d+:\d+: /, "");
}

test.each([
  ["server = 1", "server: expected a table, got 1"],
  ["server.listen = 11435", `server.listen: ${LISTEN}, got 11435`],
  ['server.listen = "localhost"', `server.listen: ${LISTEN}, got "localhost"`],
  ["server.max_body = 1024", 'server.max_body: expected a size such as "256MiB", got 1024'],
  ['server.max_body = "1024"', 'server.max_body: expected a size such as "256MiB", got "1024"'],
  ["server.drain = 30", 'server.drain: expected a duration such as "2s", got 30'],
  ['server.drain = "soon"', 'server.drain: expected a duration such as "2s", got "soon"'],
  ['server.origins = "*"', 'server.origins: expected a list of strings, got "*"'],
  ['server.origins = ["a", 2]', "server.origins.1: expected a string, got 2"],
  ['health.probe_interval = "0s"', "health.probe_interval: expected a duration of more than nothing"],
  ['health.probe_timeout = "0ms"', "health.probe_timeout: expected a duration of more than nothing"],
  ["health.probe_timeout = true", 'health.probe_timeout: expected a duration such as "2s", got true'],
  ['listing.aliases = "yes"', 'listing.aliases: expected true or false, got "yes"'],
  ['log.level = "trace"', 'log.level: expected "debug", "info", "warn", "error", got "trace"'],
  ['log.format = "xml"', 'log.format: expected "logfmt", "json", got "xml"'],
  ["log.level = 1979-05-27", 'log.level: expected "debug", "info", "warn", "error", got a date'],
  ["models = []", "models: expected a table, got a list"],
  ['aliases = "m"', 'aliases: expected a table, got "m"'],
  ['backend.url = "http://a:1"', "backend: expected [[backend]] tables, got a table"],
])("%s is a mistake", (toml, mistake) => {
  expect(onlyMistake(toml)).toBe(mistake);
});

test.each([
  ['name = "a b"', "name: expected a name of letters, digits, dots, dashes and underscores"],
  ['name = ""', "name: expected a name of letters, digits, dots, dashes and underscores"],
  ["name = 1", "name: expected a string, got 1"],
  [
    'engine = "ollamma"',
    'engine: expected "ollama", "lmstudio", "llamacpp", "vllm", "sglang", "openai", got "ollamma"',
  ],
  ["priority = 1.5", "priority: expected an integer"],
  ['priority = "1"', 'priority: expected an integer, got "1"'],
  ["key = true", "key: expected a string, got a boolean"],
  ['key = "Bearer x"', "key: expected printable characters without blanks"],
  ['key = "schlüssel"', "key: expected printable characters without blanks"],
  ['include = "*"', 'include: expected a list of strings, got "*"'],
  ["exclude = [1]", "exclude.0: expected a string, got 1"],
  ['probe_interval = "0s"', "probe_interval: expected a duration of more than nothing"],
  ['probe_timeout = "2"', 'probe_timeout: expected a duration such as "2s", got "2"'],
])("a backend with %s is a mistake", (line, mistake) => {
  expect(onlyMistake(`[[backend]]\nurl = "http://a:1"\n${line}\n`)).toBe(`backend.0.${mistake}`);
});

test.each([
  ["name = 'a'", "missing"],
  ["url = 1", "expected a URL, got 1"],
  ['url = ""', URL_EXAMPLE],
  ['url = "gpu"', "expected a URL: put http:// or https:// in front"],
  ['url = "10.0.0.1:80"', "expected a URL: put http:// or https:// in front"],
  ['url = "http://gpu:port"', URL_EXAMPLE],
  ['url = "gpu:11434"', "expected a URL that begins with http:// or https://"],
  ['url = "ftp://gpu"', "expected a URL that begins with http:// or https://"],
  ['url = "http://me@gpu"', 'expected a URL without credentials: put them in "key"'],
  ['url = "http://gpu/v1"', `expected a URL without a path: leave out "/v1", ${PATH_ADVICE}`],
  ['url = "http://gpu/v1/"', `expected a URL without a path: leave out "/v1/", ${PATH_ADVICE}`],
  ['url = "http://gpu/#a"', `expected a URL without a path: leave out "/#a", ${PATH_ADVICE}`],
])("a backend with no URL but %s is a mistake", (line, mistake) => {
  expect(onlyMistake(`[[backend]]\n${line}\n`)).toBe(`backend.0.url: ${mistake}`);
});

test("a value of more than sixty characters is cut where a mistake quotes it", () => {
  expect(onlyMistake(`log.level = "${"x".repeat(58)}"`)).toEndWith(`got "${"x".repeat(58)}"`);
  expect(onlyMistake(`log.level = "${"x".repeat(59)}"`)).toEndWith(`got "${"x".repeat(59)}…`);
  expect(onlyMistake(`log.level = "${"x".repeat(500)}"`)).toEndWith(`got "${"x".repeat(59)}…`);
});

test.each(["server.drain", "health.probe_interval", "health.probe_timeout"])(
  "%s is at most 24 days: no timer waits longer",
  (key) => {
    expect(mistakesOf(`${key} = "24d"`)).toEqual([]);
    expect(onlyMistake(`${key} = "25d"`)).toContain("expected a duration of at most 24 days");
  },
);
