/** A mistake is one line that editors can follow: the file, the line, the column, the key, and what is wrong. */

import { expect, test } from "bun:test";

import { dotted, mistakeText } from "../../src/config/mistake.ts";

test("a mistake reads as compilers write them", () => {
  const mistake = {
    file: "/etc/config.toml",
    line: 3,
    column: 14,
    path: "log.level",
    message: "expected more",
  };
  expect(mistakeText(mistake)).toBe("/etc/config.toml:3:14: log.level: expected more");
  expect(mistakeText({ ...mistake, path: "" })).toBe("/etc/config.toml:3:14: expected more");
});

test.each([
  [["server", "listen"], "server.listen"],
  [["backend", 12, "probe_interval"], "backend.12.probe_interval"],
  [["aliases", "my-llama_2"], "aliases.my-llama_2"],
  [["aliases", "gpt-*"], 'aliases."gpt-*"'],
  [["aliases", "llama3.1:8b", 0, "model"], 'aliases."llama3.1:8b".0.model'],
  [["aliases", 'a"b\\c\n'], 'aliases."a\\"b\\\\c\\n"'],
  [["aliases", ""], 'aliases.""'],
  [[], ""],
])("%j is written as TOML writes it", (path, text) => {
  expect(dotted(path)).toBe(text);
});
