/** No mistake ever quotes a key or a password, however wrongly it was written down. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

const SECRET = "hunter2";

test.each([
  ["a key with a blank", 'url = "http://a:1"\nkey = "Bearer hunter2"'],
  ["a key with a line break", 'url = "http://a:1"\nkey = """hunter2\n"""'],
  ["a key in a list", 'url = "http://a:1"\nkey = ["hunter2"]'],
  ["a key in a table", 'url = "http://a:1"\nkey = { bearer = "hunter2" }'],
  ["a misspelt key", 'url = "http://a:1"\nkye = "hunter2"'],
  ["a key without quotes", 'url = "http://a:1"\nkey = hunter2'],
  ["a key that is not closed", 'url = "http://a:1"\nkey = "hunter2'],
  ["a key with a bad escape", 'url = "http://a:1"\nkey = "\\hunter2"'],
  ["a key that is followed by more", 'url = "http://a:1"\nkey = "hunter2" "hunter2"'],
  ["a key from a variable of two lines", 'url = "http://a:1"\nkey = "${SECRET_LINES}"'],
  ["a URL with a password", 'url = "http://me:hunter2@a:1"'],
  ["a URL with a token for a name", 'url = "http://hunter2@a:1"'],
  ["a URL with a password and a path", 'url = "http://me:hunter2@a:1/v1"'],
  ["a URL with a password and the wrong scheme", 'url = "ftp://me:hunter2@a:1"'],
  ["a URL with a password and no scheme", 'url = "me:hunter2@a:1"'],
  ["a URL with a password and no such port", 'url = "http://me:hunter2@a:port"'],
  ["a URL with a password in a list", 'url = ["http://me:hunter2@a:1"]'],
  ["a URL with a password under the wrong name", 'address = "http://me:hunter2@a:1"'],
  ["a URL with a password from a variable", 'url = "http://me:${SECRET}@a:1"'],
  [
    "a URL with a password, twice",
    'url = "http://me:hunter2@a:1"\n[[backend]]\nurl = "http://me:hunter2@a:1"',
  ],
])("%s is not quoted", (_, lines) => {
  const mistakes = mistakesOf(`[[backend]]\n${lines}\n`, { SECRET, SECRET_LINES: "hunter2\nhunter2" });
  expect(mistakes).not.toEqual([]);
  expect(mistakes.join("\n")).not.toContain(SECRET);
});

test("a key that is a number is not quoted", () => {
  expect(mistakesOf('[[backend]]\nurl = "http://a:1"\nkey = 20250817\n')).toEqual([
    "3:1: backend.0.key: expected a string, got a number",
  ]);
});

test("a key outside of any backend is not quoted", () => {
  const mistakes = mistakesOf('key = "hunter2"\n[server]\nkey = "hunter2"\n', {});
  expect(mistakes).toHaveLength(2);
  expect(mistakes.join("\n")).not.toContain(SECRET);
});
