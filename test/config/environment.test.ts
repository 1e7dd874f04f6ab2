/** `${NAME}` and `${NAME:-default}` take environment variables into any string of the file. */

import { expect, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

/** What a text of the file has become. */
function expanded(text: string, env: Record<string, string> = {}): string | undefined {
  return configOf(`aliases.a = ${JSON.stringify(text)}`, env).aliases[0]?.targets[0]?.model;
}

test.each([
  ["${A}", "one"],
  ["before-${A}-after", "before-one-after"],
  ["${A}${B_2}/${A}", "onetwo/one"],
  ["${A:-fallback}", "one"],
  ["${NOT_SET:-fallback}", "fallback"],
  ["${NOT_SET:-a:b-c/d$e}", "a:b-c/d$e"],
  ["x${NOT_SET:-}y", "xy"],
  ["x${EMPTY}y", "xy"],
  ["x${EMPTY:-fallback}y", "xy"],
  ["$${A}", "${A}"],
  ["$$${A}", "$${A}"],
  ["$${A} ${A}", "${A} one"],
  ["$A $$ {A} %A%", "$A $$ {A} %A%"],
  ["${REFERS}", "${A} $1 $& $${A}"],
])("%s is read as %s", (text, value) => {
  const env = { A: "one", B_2: "two", EMPTY: "", REFERS: "${A} $1 $& $${A}" };
  expect(expanded(text, env)).toBe(value);
});

test("variables are taken in lists, tables and every section", () => {
  const toml = `
    [server]
    listen = "\${HOST}:\${PORT}"
    origins = ["https://\${HOST}", "\${HOST}"]
    [[backend]]
    name = "\${NAME}"
    url = "http://\${HOST}:1"
    key = "\${KEY}"
    [models]
    m = { backend = ["\${NAME}"] }
    [aliases]
    a = { targets = [{ model = "\${NAME}/x", backend = "\${NAME}" }], strategy = "\${ORDER}" }
  `;
  const env = { HOST: "gpu", PORT: "11", NAME: "b", KEY: "k", ORDER: "order" };
  const { server, backends, pins, aliases } = configOf(toml, env);
  expect(server.listen).toEqual({ kind: "tcp", hostname: "gpu", port: 11 });
  expect(server.origins).toEqual(["https://gpu", "gpu"]);
  expect(backends[0]).toMatchObject({ name: "b", origin: "http://gpu:1", key: "k" });
  expect([...pins]).toEqual([["m", ["b"]]]);
  expect(aliases[0]).toMatchObject({ targets: [{ model: "b/x", backend: "b" }], strategy: "order" });
});

test("keys are left as they are", () => {
  const { aliases } = configOf('[aliases]\n"${A}" = "m"\n', { A: "one" });
  expect(aliases.map(({ name }) => name)).toEqual(["${A}"]);
});

test("a variable that is set but empty is no key at all", () => {
  const [backend] = configOf('[[backend]]\nurl = "http://a:1"\nkey = "${KEY}"\n', { KEY: "" }).backends;
  expect(backend?.key).toBeUndefined();
});

test("a variable stands for text only, never for a number or a table", () => {
  const env = { N: "5", T: '{ targets = ["m"] }' };
  expect(mistakesOf('[[backend]]\nurl = "http://a:1"\npriority = "${N}"\n', env)).toEqual([
    '3:1: backend.0.priority: expected an integer, got "5"',
  ]);
  expect(expanded("${T}", env)).toBe('{ targets = ["m"] }');
});

test.each([
  ["server.listen", '"${NOPE}"'],
  ["server.listen", '"127.0.0.1:${NOPE}"'],
  ["server.max_body", '"${NOPE}"'],
  ["server.drain", '"${NOPE}s"'],
  ["log.level", '"${NOPE}"'],
  ["aliases.a", '"${NOPE}"'],
  ["models.m", '"${NOPE}"'],
  ["backend", '[{ url = "${NOPE}" }]'],
  ["backend", '[{ url = "http://a:1", name = "${NOPE}" }]'],
  ["backend", '[{ url = "http://a:1", engine = "${NOPE}" }]'],
  ["backend", '[{ url = "http://a:1", key = "${NOPE}" }]'],
  ["server.origins", '["${NOPE}"]'],
  ["aliases.a", '["${NOPE}"]'],
  ["aliases.a", '{ targets = [{ model = "m", backend = "${NOPE}" }] }'],
])("%s = %s, with the variable unset, is one mistake and no other", (key, value) => {
  const mistakes = mistakesOf(`${key} = ${value}`);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toEndWith(": environment variable NOPE is not set");
});

test("every variable that is not set is told, where it stands", () => {
  const toml = `[[backend]]
url = "http://\${HOST}:1"
key = "\${KEY}"
[aliases]
a = [
  "\${FIRST}",
  "m",
  "\${SECOND}-\${THIRD}",
]
`;
  expect(mistakesOf(toml)).toEqual([
    "2:1: backend.0.url: environment variable HOST is not set",
    "3:1: backend.0.key: environment variable KEY is not set",
    "6:3: aliases.a.0: environment variable FIRST is not set",
    "8:3: aliases.a.2: environment variable SECOND is not set",
    "8:3: aliases.a.2: environment variable THIRD is not set",
  ]);
});

test.each(["${}", "${:-x}", "${A-B}", "${A B}", "${1A}", "${ A}"])("%s names no variable", (text) => {
  const message = `"${text}" names no environment variable`;
  expect(mistakesOf(`log.level = "${text}"`, { A: "a" })).toEqual([`1:5: log.level: ${message}`]);
});

test("a variable of several lines moves no mistake and breaks none in two", () => {
  const env = { LINES: 'x"\n\n[server]\nbad = 1\n' };
  expect(mistakesOf('log.level = "${LINES}"\nlog.format = "${LINES}"\ncolour = 1', env)).toEqual([
    '1:5: log.level: expected "debug", "info", "warn", "error", got "x\\"\\n\\n[server]\\nbad = 1\\n"',
    '2:5: log.format: expected "logfmt", "json", got "x\\"\\n\\n[server]\\nbad = 1\\n"',
    "3:1: colour: unknown key",
  ]);
});

test.each(["toString", "constructor", "__proto__"])("%s is no variable, unless somebody sets it", (name) => {
  expect(mistakesOf(`log.level = "\${${name}}"`)).toEqual([
    `1:5: log.level: environment variable ${name} is not set`,
  ]);
  expect(mistakesOf(`log.level = "\${${name}:-info}"`)).toEqual([]);
});

test("a default behind a colon alone names no variable", () => {
  expect(mistakesOf('server.listen = "${HOST:11434}"', { HOST: "h" })).toEqual([
    '1:8: server.listen: "${HOST:11434}" names no environment variable',
  ]);
});
