/** What `mellamo alias` may not do it may not do anywhere: a router and the store's file refuse it in the same words. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { aliasFolder, PLACES, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(120_000);

const CONFIG = `
[models]
"pinned:1" = "shed"
[aliases]
filed = "pinned:1"
"claude-*" = "filed"
"a*b" = "filed"
${backendTable("shed", NOBODY)}`;

/** `c1` leads over ten more to a model. */
const CHAIN = Array.from({ length: 11 }, (_, at) => ({ alias: `c${at + 1}`, target: `c${at + 2}` }));

const STORE = storeText(
  { alias: "old", target: "pinned:1" },
  { alias: "gpt-", target: "old", prefix_matching: true },
  ...CHAIN,
);

const IN_FILE = "is defined in the configuration file";
const IN_FILE_ONLY = 'can only stand in the configuration file, here a "*" may only end a name';
const LONG = "x".repeat(300);
const CUT = `${"x".repeat(200)}…`;
const MANY = Array.from({ length: 1000 }, (_, at) => `m${at}`);

const REFUSALS: readonly (readonly [string, readonly string[], string])[] = [
  ["itself", ["set", "x", "x"], "alias cannot point to itself"],
  ["itself by another spelling", ["set", "x", "library/X:latest"], "alias cannot point to itself"],
  ["itself among others", ["set", "x", "pinned:1", "x"], "alias cannot point to itself"],
  ["a circle", ["set", "c12", "c3"], "alias cycle detected"],
  ["a circle by its second target", ["set", "c12", "old", "c3"], "alias cycle detected"],
  ["a circle through a prefix", ["set", "old", "gpt-4"], "alias cycle detected"],
  ["a long chain", ["set", "c0", "c1"], "alias chain of more than 10 hops"],
  ["a long chain of a prefix", ["set", "b*", "c1"], "alias chain of more than 10 hops"],
  ["a name of the file", ["set", "filed", "old"], `alias "filed" ${IN_FILE}`],
  ["a prefix of the file", ["set", "claude-*", "old"], `alias "claude-" ${IN_FILE}`],
  ["the same by --prefix", ["set", "claude-", "old", "--prefix"], `alias "claude-" ${IN_FILE}`],
  ["a model's name", ["set", "pinned:1", "old"], 'alias "pinned:1" conflicts with existing model'],
  ["a name with an umlaut", ["set", "größe", "old"], 'alias "größe" is invalid'],
  ["a name with a blank", ["set", "a b", "old"], 'alias "a b" is invalid'],
  ["a name with a bell", ["set", "a\x07", "old"], String.raw`alias "a\u0007" is invalid`],
  ["a prefix with a line feed", ["set", "a\nb*", "old"], String.raw`alias "a\nb" is invalid`],
  ["a name with half a tag", ["set", "a:", "old"], 'alias "a:" is invalid'],
  ["a long name", ["set", LONG, "old"], `alias "${CUT}" is invalid`],
  ["no name", ["set", "", "old"], "alias and target are required"],
  ["a blank name", ["set", " ", "old"], "alias and target are required"],
  ["an empty prefix", ["set", "", "old", "--prefix"], "alias and target are required"],
  ["no target", ["set", "x", ""], "alias and target are required"],
  ["a second target that is none", ["set", "x", "old", ""], "alias and target are required"],
  ["a target with a blank", ["set", "x", "a b"], 'target "a b" is invalid'],
  ["a target with an umlaut", ["set", "x", "größe"], 'target "größe" is invalid'],
  ["a target with a star", ["set", "x*", "*"], 'target "*" is invalid'],
  ["a thousand targets", ["set", "x", ...MANY], "more than 999 targets"],
  ["a pattern for everything", ["set", "*", "old"], `pattern "*" ${IN_FILE_ONLY}`],
  ["a star in the middle", ["set", "x*y", "old"], `pattern "x*y" ${IN_FILE_ONLY}`],
  ["two stars", ["set", "x**", "old"], `pattern "x**" ${IN_FILE_ONLY}`],
  ["removing a name of the file", ["rm", "filed"], `alias "filed" ${IN_FILE}`],
  ["removing a prefix of the file", ["rm", "claude-*"], `alias "claude-" ${IN_FILE}`],
  ["removing a pattern of the file", ["rm", "a*b"], `alias "a*b" ${IN_FILE}`],
  ["removing what is not there", ["rm", "nope"], 'alias "nope" not found'],
  ["removing a prefix that is a name", ["rm", "old*"], 'alias "old" not found'],
  ["removing a name that a prefix matches", ["rm", "gpt-4"], 'alias "gpt-4" not found'],
  ["removing a model", ["rm", "pinned:1"], 'alias "pinned:1" not found'],
  ["removing nothing", ["rm", ""], "alias is required"],
  ["showing what is not there", ["show", "nope"], 'alias "nope" not found'],
  ["showing a name that a prefix matches", ["show", "gpt-4"], 'alias "gpt-4" not found'],
];

test.concurrent.each(PLACES)("%s, all these are refused with 1, and nothing is changed", async (where) => {
  await using here = await aliasFolder(where, CONFIG, STORE);
  const answers = [];
  for (const [what, args] of REFUSALS) {
    const { status, out, err } = await here.alias(...args);
    // what is listed without a router says so
    answers.push([what, status, out, err.replace(/^no mellamo runs at .* looked into .*\n/, "")]);
  }
  expect(answers).toEqual(REFUSALS.map(([what, , line]) => [what, 1, "", `${line}\n`]));
  expect(await here.stored()).toBe(STORE);
});
