/** `mellamo alias set`, `show` and `rm` do the same at a router and in the store's file, down to its bytes. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { aliasFolder, PLACES, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(60_000);

const CONFIG = `[models]\n"m:1" = "shed"\n"m:2" = "shed"\n${backendTable("shed", NOBODY)}`;

/** What is done, what it prints, and what the store's file holds afterwards; each step goes on where the last one ended. */
const STEPS: readonly (readonly [readonly string[], string, readonly unknown[]])[] = [
  [["set", "x", "m:1"], "x -> m:1", [{ alias: "x", target: "m:1" }]],
  [["set", "library/X:latest", "m:2"], "X -> m:2", [{ alias: "X", target: "m:2" }]],
  [["set", " X ", " m:1 "], "X -> m:1", [{ alias: "X", target: "m:1" }]],
  [["rm", "x:LATEST"], "removed x:LATEST", []],
  [["set", "gpt-*", "m:1"], "gpt-* -> m:1", [{ alias: "gpt-", target: "m:1", prefix_matching: true }]],
  [
    ["set", "--prefix", "gpt-", "m:2"],
    "gpt-* -> m:2",
    [{ alias: "gpt-", target: "m:2", prefix_matching: true }],
  ],
  [
    ["set", "gpt-*", "m:1", "--prefix"],
    "gpt-* -> m:1",
    [{ alias: "gpt-", target: "m:1", prefix_matching: true }],
  ],
  [["rm", "GPT-*"], "removed GPT-*", []],
  [["set", "p", "m:1", "m:2"], "p -> m:1, m:2", [{ alias: "p", target: "m:1", targets: ["m:1", "m:2"] }]],
  [
    ["set", "p", "m:2", "m:1", "--order"],
    "p -> m:2, then m:1",
    [{ alias: "p", target: "m:2", targets: ["m:2", "m:1"], strategy: "order" }],
  ],
  [["set", "p", "m:1"], "p -> m:1", [{ alias: "p", target: "m:1" }]],
  [
    ["set", "p*", "p"],
    "p* -> p",
    [
      { alias: "p", target: "m:1" },
      { alias: "p", target: "p", prefix_matching: true },
    ],
  ],
  // the very name goes before the prefix
  [["rm", "p"], "removed p", [{ alias: "p", target: "p", prefix_matching: true }]],
  [["rm", "p"], "removed p", []],
  [["set", "--json", "q", "m:1"], '{"alias":"q","target":"m:1"}', [{ alias: "q", target: "m:1" }]],
  [["rm", "q", "--json"], '{"deleted":true}', []],
  [["set", "--", "__proto__", "m:1"], "__proto__ -> m:1", [{ alias: "__proto__", target: "m:1" }]],
  [["rm", "__proto__"], "removed __proto__", []],
  [
    ["set", "--prefix", "--", "-x", "m:1"],
    "-x* -> m:1",
    [{ alias: "-x", target: "m:1", prefix_matching: true }],
  ],
  [["rm", "--", "-x*"], "removed -x*", []],
];

test.concurrent.each(PLACES)("%s, each step prints what it did, and leaves this store", async (where) => {
  await using here = await aliasFolder(where, CONFIG);
  const done = [];
  for (const [args] of STEPS) {
    const { status, out, err } = await here.alias(...args);
    done.push([args, status, out, err, await here.stored()]);
  }
  const note =
    where === "at a router" ? "" : `no mellamo runs at ${here.socket}: changed ${here.store} itself\n`;
  expect(done).toEqual(
    STEPS.map(([args, out, entries]) => [args, 0, `${out}\n`, note, storeText(...entries)]),
  );
});

test.concurrent.each(PLACES)("%s, what others wrote into the file stays as it is", async (where) => {
  const text =
    '{"theirs":12345678901234567890,"aliases":[{"alias":"x","target":"m:1","note":1.0}],"version":1}';
  await using here = await aliasFolder(where, CONFIG, text);
  await here.alias("set", "x", "m:2");
  const stored = (await here.stored()) ?? "";
  for (const kept of ['"theirs": 12345678901234567890', '"note": 1.0', '"target": "m:2"'])
    expect(stored).toContain(kept);
});
