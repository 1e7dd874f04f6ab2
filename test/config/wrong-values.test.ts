/** What a key of the file may not hold: one mistake that names the key and says what was expected. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

const LISTEN = 'expected "host:port", ":port", "[::1]:port" or "unix:/path"';
const URL_EXAMPLE = 'expected a URL such as "http://127.0.0.1:11434"';
const FROM_0 = "expected a whole number from 0 on";
const FROM_1 = "expected a whole number from 1 on";
const SOME_TIME = "expected a duration of more than nothing";
const WEIGHT = "expected a number from 0.001 to 1000";
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
  ["server.headers = 1", "server.headers: expected true or false, got 1"],
  ["routing = true", "routing: expected a table, got true"],
  ["routing.queue_size = -1", `routing.queue_size: ${FROM_0}`],
  ["routing.queue_size = 2.5", `routing.queue_size: ${FROM_0}`],
  ['routing.queue_size = "256"', `routing.queue_size: ${FROM_0}, got "256"`],
  ["routing.queue_timeout = 60", 'routing.queue_timeout: expected a duration such as "2s", got 60'],
  ['routing.queue_timeout = "-1s"', 'routing.queue_timeout: expected a duration such as "2s", got "-1s"'],
  ['routing.sticky = "yes"', 'routing.sticky: expected true or false, got "yes"'],
  ["timeouts = 2", "timeouts: expected a table, got 2"],
  ["timeouts.connect = 2", 'timeouts.connect: expected a duration such as "2s", got 2'],
  ['timeouts.connect = "0s"', `timeouts.connect: ${SOME_TIME}`],
  ['timeouts.first_byte = "0s"', `timeouts.first_byte: ${SOME_TIME}`],
  ['timeouts.idle = "never"', 'timeouts.idle: expected a duration such as "2s", got "never"'],
  ["health.failures = 0", `health.failures: ${FROM_1}`],
  ["health.failures = 1.5", `health.failures: ${FROM_1}`],
  ['health.failures = "3"', `health.failures: ${FROM_1}, got "3"`],
  ['health.pause = "0s"', `health.pause: ${SOME_TIME}`],
  ["health.max_pause = 60", 'health.max_pause: expected a duration such as "2s", got 60'],
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
  ["weight = 0", `weight: ${WEIGHT}`],
  ["weight = -1", `weight: ${WEIGHT}`],
  ["weight = 0.0009", `weight: ${WEIGHT}`],
  ["weight = 1000.1", `weight: ${WEIGHT}`],
  ["weight = inf", `weight: ${WEIGHT}`],
  ['weight = "2"', `weight: ${WEIGHT}, got "2"`],
  ["max_inflight = 0", `max_inflight: ${FROM_1}`],
  ["max_inflight = -4", `max_inflight: ${FROM_1}`],
  ["max_inflight = 1.5", `max_inflight: ${FROM_1}`],
  ['max_inflight = "4"', `max_inflight: ${FROM_1}, got "4"`],
  ['connect = "0s"', `connect: ${SOME_TIME}`],
  ["first_byte = 600", 'first_byte: expected a duration such as "2s", got 600'],
  ['idle = "0ms"', `idle: ${SOME_TIME}`],
  ["failures = 0", `failures: ${FROM_1}`],
  ['pause = "1"', 'pause: expected a duration such as "2s", got "1"'],
  ['max_pause = "0s"', `max_pause: ${SOME_TIME}`],
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

test.each([
  "server.drain",
  "routing.queue_timeout",
  "timeouts.connect",
  "timeouts.first_byte",
  "timeouts.idle",
  "health.probe_interval",
  "health.probe_timeout",
  "health.pause",
  "health.max_pause",
])("%s is at most 24 days: no timer waits longer", (key) => {
  expect(mistakesOf(`${key} = "24d"`)).toEqual([]);
  expect(onlyMistake(`${key} = "25d"`)).toContain("expected a duration of at most 24 days");
});

test("each wrong value is told at its own line and path, in the sections and in the backend that has it", () => {
  const toml = `[routing]
queue_size = "many"
sticky = 1
[timeouts]
  idle = "0s"
[health]
failures = 0
[[backend]]
url = "http://a:1"
[[backend]]
url = "http://b:1"
weight = 0
max_inflight = 2.5
first_byte = 10
`;
  expect(mistakesOf(toml)).toEqual([
    `2:1: routing.queue_size: ${FROM_0}, got "many"`,
    "3:1: routing.sticky: expected true or false, got 1",
    `5:3: timeouts.idle: ${SOME_TIME}`,
    `7:1: health.failures: ${FROM_1}`,
    `12:1: backend.1.weight: ${WEIGHT}`,
    `13:1: backend.1.max_inflight: ${FROM_1}`,
    '14:1: backend.1.first_byte: expected a duration such as "2s", got 10',
  ]);
});
