/** A mistake is told at the line and column where its key, or its element of a list, begins. */

import { expect, test } from "bun:test";

import { parse } from "smol-toml";

import { type Path, placesOf } from "../../src/config/places.ts";

/** Each document has one `¶`, which is taken out: what the path leads to begins there. */
test.each<[string, string, Path]>([
  ["a key at the top", "# a comment\n¶a = 1", ["a"]],
  ["a key in a table", "[t]\na = 1\n¶b = 2", ["t", "b"]],
  ["an indented key", "[t]\n\t  ¶b = 2", ["t", "b"]],
  ["a table", "a = 1\n¶[t]\n", ["t"]],
  ["a table of a table", "[t]\n¶[t.u]\na = 1", ["t", "u"]],
  ["a key in a table of a table", "[t.u]\n¶a = 1\n[t]\na = 2", ["t", "u", "a"]],
  ["a table with blanks in its brackets", "¶[ t . u ]\na = 1", ["t", "u"]],
  ["a list of tables", "¶[[l]]\n[[l]]\n", ["l"]],
  ["the second table of a list", "[[l]]\na = 1\n¶[[l]]\na = 2", ["l", 1]],
  ["a key in the third table of a list", "[[l]]\n[[l]]\na = 0\n[[l]]\n¶a = 1", ["l", 2, "a"]],
  ["a table of a table of a list", "[[l]]\n[[l]]\n¶[l.t]\na = 1", ["l", 1, "t"]],
  ["a list in a list of tables", "[[l]]\n[[l.m]]\n[[l]]\n[[l.m]]\n[[l.m]]\n¶a = 1", ["l", 1, "m", 1, "a"]],
  ["a list of tables below a table", "[t]\n[[t.l]]\n[[t.l]]\n¶a = 1", ["t", "l", 1, "a"]],
  ["a key after a comment right behind a header", "[t]# [u]\n¶a = 1", ["t", "a"]],
  ["a key after a comment right behind a list's header", "[[l]]# [u]\n¶a = 1", ["l", 0, "a"]],
  ["a dotted key", "a.¶b = 1", ["a", "b"]],
  ["the first part of a dotted key", "¶a.b = 1\na.c = 2", ["a"]],
  ["another key below the same part", "a.b = 1\na.¶c = 2", ["a", "c"]],
  ["a dotted key with blanks", 'a . "b c" . ¶d = 1', ["a", "b c", "d"]],
  ["a quoted key", '¶"gpt-*" = 1', ["gpt-*"]],
  ["a quoted key with a dot", 'a = 1\n¶"b.c" = 1', ["b.c"]],
  ["a quoted key with escapes", '¶"a\\"\\u00e9\\\\" = 1', ['a"é\\']],
  ["a quoted key with a tab", '¶"a\tb" = 1', ["a\tb"]],
  ["a literal key", "¶'a\\b\"c' = 1", ['a\\b"c']],
  ["an empty key", '¶"" = 1', [""]],
  ["a quoted key in a header", '["x=1"]\na=1\n¶["] # ["]', ["] # ["]],
  ["a key of an inline table", "t = { a = 1, ¶b = 2 }", ["t", "b"]],
  ["a key of an inline table in another", "t = { a = { x = 1 }, b = { y = 0, ¶x = 2 } }", ["t", "b", "x"]],
  ["a dotted key in an inline table", "t = { a.¶b = 1 }", ["t", "a", "b"]],
  ["a quoted key in an inline table", 't = { "}" = 1, ¶"," = 2 }', ["t", ","]],
  ["a key of an inline table of many lines", "t = {\n  a = 1, # } b\n  ¶b = 2,\n}", ["t", "b"]],
  ["an element of a list", "l = [1, ¶2, 3]", ["l", 1]],
  ["an element of a list of many lines", "l = [\n  1, # one, two\n  2,\n  ¶3,\n]", ["l", 2]],
  ["an element of a list of a list", "l = [[1, 2], [3, ¶4]]", ["l", 1, 1]],
  ["a key of an inline table in a list", 'l = ["]", { a = "}" }, { ¶a = 1 }]', ["l", 2, "a"]],
  ["a key after a list with brackets in strings", 'l = ["]", \'[\', "\\"]"]\n¶a = 1', ["a"]],
  ["a key after an empty list and table", "l = []\nt = {}\nm = [ ]\nu = { }\n¶a = 1", ["a"]],
  ["a key after a comment that looks like one", '# a = 1\nb = 1 # a = 2 "\n¶a = 3', ["a"]],
  ["a key after a multi-line string", 's = """\na = 1\n[t]\n\\"""\na = 2\n"""\n¶a = 3', ["a"]],
  ["a key after a string that ends in quotes", 's = """"two"""""\n¶a = 3', ["a"]],
  ["a key after a multi-line literal", "s = '''\na = 1 \\\n''\n'''\n¶a = 3", ["a"]],
  ["a key after a string with a hash", 's = "# not a comment"\n¶a = 1', ["a"]],
  ["a key after empty strings", "s = \"\"\nt = ''\nu = \"\"\"\"\"\"\nv = ''''''\n¶a = 1", ["a"]],
  [
    "a key after numbers, dates and words",
    "i = -1_0\nf = 6.6e-3\nd = 1979-05-27 07:32:00Z\nb = true\nn = nan\n¶a = 1",
    ["a"],
  ],
  ["a key whose name the prototype has", "[t]\n¶constructor = 1", ["t", "constructor"]],
  ["a key called __proto__", "[t]\na = 1\n¶__proto__ = 1", ["t", "__proto__"]],
])("the place of %s is where it begins", (_, marked, path) => {
  const toml = marked.replace("¶", "");
  parse(toml);
  const before = marked.slice(0, marked.indexOf("¶")).split("\n");
  const place = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  expect(placesOf(toml)(path)).toEqual(place);
  expect(placesOf(toml.replaceAll("\n", "\r\n"))(path)).toEqual(place);
});

test.each<[string, string, Path]>([
  ["a key that is missing is looked for at its table", "a = 1\n¶[t]\nb = 1", ["t", "c"]],
  ["a key missing in a list of tables, at the table", "[[l]]\na = 1\n¶[[l]]\nb = 1", ["l", 1, "a"]],
  ["a key missing in an inline table, at what holds the table", "t = { ¶u = { a = 1 } }", ["t", "u", "b"]],
  ["what is not in the file at all is at its beginning", "¶a = 1", ["b", "c"]],
  ["the file itself begins at its beginning", "¶# a\na = 1", []],
])("%s", (_, marked, path) => {
  const before = marked.slice(0, marked.indexOf("¶")).split("\n");
  expect(placesOf(marked.replace("¶", ""))(path)).toEqual({
    line: before.length,
    column: (before.at(-1) ?? "").length + 1,
  });
});
