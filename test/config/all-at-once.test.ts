/** Every mistake of a file is told at once, each at its own line and column, in the order of the file. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

const FILE = `# what can go wrong, does
[server]
listen = "localhost"
  drain = 30
colour = "red"

[health]
probe_interval = "0s"

[[backend]]
name = "gpu"
url = "http://gpu:11434"

[[backend]]
name = "gpu"
url = "http://attic:8080/v1"
engine = "llama"
key = "\${ATTIC_KEY}"

[[backend]]
name = "cellar"

[log]
level = "loud"

[models]
"a:1" = "gpv"
"a:2" = ["cellar", 3]
"A:1" = "gpu"

[aliases]
one = "two"
two = "one"
three = { target = "x" }
"four" = ["m", { model = "n", backend = "cellarr" }]
Four = "m"
five = []
`;

const MISTAKES = [
  '3:1: server.listen: expected "host:port", ":port", "[::1]:port" or "unix:/path", got "localhost"',
  '4:3: server.drain: expected a duration such as "2s", got 30',
  "5:1: server.colour: unknown key",
  "8:1: health.probe_interval: expected a duration of more than nothing",
  '14:1: backend.1: a second backend is called "gpu"',
  '16:1: backend.1.url: expected a URL without a path: leave out "/v1", the router adds what follows the port',
  '17:1: backend.1.engine: expected "ollama", "lmstudio", "llamacpp", "vllm", "sglang", "openai", got "llama"',
  "20:1: backend.2.url: missing",
  '24:1: log.level: expected "debug", "info", "warn", "error", got "loud"',
  '27:1: models."a:1": no backend is called "gpv", did you mean "gpu"?',
  '28:20: models."a:2".1: expected a string, got 3',
  '29:1: models."A:1": a second entry of the same model',
  '32:1: aliases.one: alias cycle: "one" -> "two" -> "one"',
  "34:1: aliases.three.targets: missing",
  '34:11: aliases.three.target: unknown key, did you mean "targets"?',
  '35:1: aliases.four: no backend is called "cellarr", did you mean "cellar"?',
  '36:1: aliases.Four: the same name as "four"',
  "37:1: aliases.five: expected at least one target",
];

test("eighteen mistakes in every part of a file are told in one go", () => {
  expect(mistakesOf(FILE, { ATTIC_KEY: "k" })).toEqual(MISTAKES);
});

test("a file from Windows has its mistakes at the same places", () => {
  expect(mistakesOf(FILE.replaceAll("\n", "\r\n"), { ATTIC_KEY: "k" })).toEqual(MISTAKES);
});

test("mistakes on one line are told from left to right", () => {
  expect(
    mistakesOf('server = { drain = 1, max_body = 2, listen = 3 }\nlog = { levl = "a", format = 1 }'),
  ).toEqual([
    '1:12: server.drain: expected a duration such as "2s", got 1',
    '1:23: server.max_body: expected a size such as "256MiB", got 2',
    '1:37: server.listen: expected "host:port", ":port", "[::1]:port" or "unix:/path", got 3',
    '2:9: log.levl: unknown key, did you mean "level"?',
    '2:21: log.format: expected "logfmt", "json", got 1',
  ]);
});

test("the same mistake in three backends is told three times", () => {
  const backend = (host: string) => `[[backend]]\nurl = "http://${host}:1"\ncolour = 1\n`;
  expect(mistakesOf(backend("a") + backend("b") + backend("c"))).toEqual([
    "3:1: backend.0.colour: unknown key",
    "6:1: backend.1.colour: unknown key",
    "9:1: backend.2.colour: unknown key",
  ]);
});
