/** The store's text is laid out as Ollama lays its `server.json` out; what is laid out otherwise is told from it. */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { documentText, EMPTY, parseDocument } from "../../src/store/document.ts";
import { changed, documentOf, entriesIn } from "../support/store-text.ts";

const FOLDER = join(import.meta.dir, "..", "fixtures", "captures");
const FILES = readdirSync(FOLDER).filter((file) => file.startsWith("ollama-alias-serverjson-"));

function captured(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

test("there are files of a real Ollama to read", () => {
  expect(FILES.length).toBeGreaterThanOrEqual(8);
});

test.each(FILES)("%s of an Ollama is written again with the same content", (file) => {
  const text = captured(file);
  expect(JSON.parse(documentText(documentOf(text)))).toEqual(JSON.parse(text));
});

// what people wrote by hand stays as they wrote it
const SAVED = FILES.filter((file) => !file.includes("by-hand"));

test.each(SAVED)("every alias that Ollama saved in %s is read", (file) => {
  const { aliases } = JSON.parse(captured(file)) as { readonly aliases: object[] };
  // Ollama's list has an upper-case letter before all small ones, as ours has; its file is sorted alike
  expect(entriesIn(captured(file)).map((entry) => ({ ...entry }))).toEqual(aliases as never);
});

test("a new store is an empty list of version 1", () => {
  expect(documentText(EMPTY)).toBe('{\n  "version": 1,\n  "aliases": []\n}\n');
});

test("it is indented by two blanks and ends with a line, for people who edit it", () => {
  expect(changed('{"version":1,"aliases":[]}', { set: { alias: "a", target: "b" } })).toBe(
    '{\n  "version": 1,\n  "aliases": [\n    {\n      "alias": "a",\n      "target": "b"\n    }\n  ]\n}\n',
  );
});

test.each([
  "{}",
  '{"version":1}',
  '{"aliases":[]}',
  '{"aliases":null}',
  '{"version":1,"aliases":null}',
  '{"disable_ollama_cloud":true}',
  ' \r\n\t{"version": 1 }\n\n',
])("%j is a store without aliases", (text) => {
  expect(entriesIn(text)).toEqual([]);
  const after = JSON.parse(changed(text, { set: { alias: "a", target: "b" } })) as object;
  expect(after).toMatchObject({ version: 1, aliases: [{ alias: "a", target: "b" }] });
});

test.each(["0", "null"])(
  "version %s says nothing, as in Ollama, and is 1 once something is saved",
  (version) => {
    const text = `{"version":${version},"aliases":[{"alias":"a","target":"b"}]}`;
    expect(entriesIn(text)).toEqual([{ alias: "a", target: "b" }]);
    expect(JSON.parse(changed(text, { remove: { alias: "a", target: "b" } }))).toEqual({
      version: 1,
      aliases: [],
    });
  },
);

test.each(["2", "1.0", "1e0", "-1", '"1"', "[1]", "{}", "true", "18446744073709551617"])(
  "version %s is a layout that is not known here",
  (version) => {
    expect(parseDocument(`{"version":${version},"aliases":[]}`)).toMatchObject({
      unreadable: expect.stringContaining("unsupported router config version"),
      isForeign: true,
    });
  },
);

test.each([
  ["", "no JSON"],
  [" \n", "no JSON"],
  ["{", "no JSON"],
  ['{"aliases":[}', "no JSON"],
  ['{"aliases":[],}', "no JSON"],
  ['{"aliases":[]} x', "no JSON"],
  ["\0\0\0\0", "no JSON"],
  ["// a remark\n{}", "no JSON"],
  ["null", "no JSON object"],
  ["1", "no JSON object"],
  ['"aliases"', "no JSON object"],
  ["[]", "no JSON object"],
  ['[{"alias":"a","target":"b"}]', "no JSON object"],
  ['{"aliases":{}}', "no list"],
  ['{"aliases":"a"}', "no list"],
  ['{"aliases":0}', "no list"],
])("%j is no store, and why is told", (text, why) => {
  const { unreadable, isForeign } = parseDocument(text) as { unreadable: string; isForeign: boolean };
  expect(unreadable).toContain(why);
  expect(isForeign).toBe(false);
});

test.each([10_000, 1_000_000])("%d brackets inside each other are no store, and do no harm", (depth) => {
  expect(parseDocument(`{"x":${"[".repeat(depth)}${"]".repeat(depth)}}`)).toHaveProperty("unreadable");
  expect(parseDocument('{"x":'.repeat(depth))).toHaveProperty("unreadable");
});
