/** A flag or variable that is wrong is told in one line that names it, says what was expected, and quotes no password. */

import { expect, test } from "bun:test";

import { refusalOf } from "../support/given.ts";

const PROXY = "expected MODEL=URL or MODEL=CONNECTION";
const LISTEN = 'expected "host:port", ":port", "[::1]:port" or "unix:/path"';
const LEVELS = '"panic", "fatal", "warning", "trace", "debug", "info", "warn", "error"';
const ID = "expected a name of letters, digits, dots, dashes and underscores";

test.each([
  ["--proxy m", `--proxy: ${PROXY}, got "m"`],
  ["--proxy =http://h:1", `--proxy: ${PROXY}, got "=http://h:1"`],
  ["--proxy m=", `--proxy: ${PROXY}, got "m="`],
  [["--proxy", ""], `--proxy: ${PROXY}, got ""`],
  [["--alias", " "], '--alias: expected NAME=MODEL, got " "'],
  ["--proxies m=http://h:1,n", `--proxies: ${PROXY}, parted by commas, got "n"`],
  ["--connection http://h:1", '--connection: expected ID=URL, got "http://h:1"'],
  ["--connections c", '--connections: expected ID=URL, parted by commas, got "c"'],
  ["--alias x", '--alias: expected NAME=MODEL, got "x"'],
  ["--aliases x", '--aliases: expected NAME=MODEL, parted by commas, got "x"'],
  ["--listen here", `--listen: ${LISTEN}, got "here"`],
  ["--listen :99999", `--listen: ${LISTEN}, got ":99999"`],
  ["--listen=", `--listen: ${LISTEN}, got ""`],
  ["--level loud", `--level: expected ${LEVELS}, got "loud"`],
  ["--level=", `--level: expected ${LEVELS}, got ""`],
  ["--level constructor", `--level: expected ${LEVELS}, got "constructor"`],
  [["--connection", "a b=http://h:1"], `--connection a b: ${ID}`],
  ["--connection c=ftp://h", "--connection c: expected a URL that begins with http:// or https://"],
  ["--connection c=127.0.0.1:1", "--connection c: expected a URL: put http:// or https:// in front"],
  [
    "--connection c=http://h:1/v1",
    '--connection c: expected a URL without a path: leave out "/v1", the router adds what follows the port',
  ],
  [
    "--connection c=http://a:1 --connection c=http://b:1",
    "--connection c: it is given twice, with different URLs",
  ],
  [
    "--proxy m=c2 --connection c1=http://h:1",
    '--proxy m: no connection is called "c2", did you mean "c1"?; a URL begins with http:// or https://',
  ],
  ["--proxy m=h:1", '--proxy m: no connection is called "h:1"; a URL begins with http:// or https://'],
  ["--proxy m=ftp://h", "--proxy m: expected a URL that begins with http:// or https://"],
  [
    "--proxy m=http://h:1/?a=b",
    '--proxy m: expected a URL without a path: leave out "/?a=b", the router adds what follows the port',
  ],
  [
    "--connection h:80=http://a:1 --connection h=http://b:1 --proxy m=http://h",
    '--proxy m: a connection to somewhere else is called "h:80"',
  ],
  [["--proxy", "a\u0007b=http://h:1"], '--proxy: "a\\u0007b" can be no name'],
  [
    "--proxy m*=http://h:1",
    '--proxy "m*": expected the exact name of a model: a "*" stands for nothing here',
  ],
  ["--alias a=b --alias b=a", '--alias a: alias cycle: "a" -> "b" -> "a"'],
] as const)("%j", (line, words) => {
  expect(refusalOf(line)).toBe(words);
});

test.each([
  ["PROXIES", "m", 'expected NAME=VALUE, got "m"'],
  ["CONNECTIONS", "c=http://h:1,d", 'expected NAME=VALUE, got "d"'],
  ["ALIASES", "x=", 'expected NAME=VALUE, got "x="'],
  ["LISTEN", "here", `${LISTEN}, got "here"`],
  ["LEVEL", "loud", `expected ${LEVELS}, got "loud"`],
  ["LIST_ALIASES", "maybe", 'expected true or false, got "maybe"'],
])("%s=%s", (variable, said, words) => {
  for (const name of [variable, `GOLLAMAS_${variable}`])
    expect(refusalOf("", { [name]: said })).toBe(`${name}: ${words}`);
});

test("a route to nowhere in a variable", () => {
  expect(refusalOf("", { GOLLAMAS_PROXIES: "m=c" })).toBe(
    'GOLLAMAS_PROXIES m: no connection is called "c"; a URL begins with http:// or https://',
  );
});

test.each([
  ["--proxy", "http://me:hunter2@h:1"],
  ["--proxy", "m=http://me:hunter2@h:1"],
  ["--proxy", "m=me:hunter2@h:1"],
  ["--proxy", "m=ftp://me:hunter2@h:1"],
  ["--proxies", "m=http://h:1,http://me:hunter2@h:1"],
  ["--connection", "http://me:hunter2@h:1"],
  ["--connection", "c=http://me:hunter2@h:1"],
  ["--connection", "c=me:hunter2@h:1"],
  ["--listen", "me:hunter2@h:1"],
])("no password is quoted: %s %s", (flag, said) => {
  expect(refusalOf([flag, said])).not.toContain("hunter2");
});

test.each([
  ["--listen :1", "server = 3\n"],
  ["--level warn", "log = 3\n"],
  ["--alias x=m", "aliases = 3\n"],
  ["--proxy m=http://h:1", "models = 3\n"],
  ["--connection c=http://h:1", "backend = 3\n"],
])("%s hides no mistake of the file: %s", (line, toml) => {
  expect(refusalOf(line, {}, toml)).toStartWith("config.toml:1:1: ");
});
