/** A store that others write, too: their wrong parameters have no effect and are told of, and what is theirs survives. */

import { expect, test } from "bun:test";

import { aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { storeText } from "../support/alias-folder.ts";
import { aliasStage } from "../support/alias-stage.ts";
import { storeStatus } from "../support/store-calls.ts";

const WRONG: readonly object[] = [
  { options: { num_ctx: "8192" } },
  { options: [] },
  { options: 5 },
  { options: { num_ctxt: 1 } },
  { keep_alive: "soon" },
  { keep_alive: true },
  { force: "x" },
  { force: [{ options: { seed: 1 } }] },
  { force: { options: { seed: 0.5 } } },
  { force: { keep_alive: [] } },
];

test("wrong ones make no alias at all, and are counted; the others are in force", async () => {
  const good = { alias: "good", target: "other", options: { seed: 1 }, force: { keep_alive: -1 } };
  const wrong = WRONG.map((more, index) => ({ alias: `wrong${index}`, target: "tiny", ...more }));
  await using stage = await aliasStage({ store: storeText(...wrong, good) });
  const why = `entries that cannot be read, and have no effect: ${wrong.length}`;
  await stage.router.log.until(new RegExp(`event="alias store" .*why="${why}"`));
  expect((await storeStatus(stage)).trouble).toBe(why);
  expect(await aliasList(stage)).toEqual([good]);
  expect(await stage.ask("good")).toBe("other:latest");
  for (const { alias } of wrong) expect(await stage.ask(alias)).toBe(`404 model '${alias}' not found`);
  // one that is set anew takes the place of the wrong one, and the others stay as they are
  await setAliases(stage, { alias: "wrong0", target: "tiny", options: { num_ctx: 8192 } });
  const [, ...rest] = wrong;
  expect(JSON.parse((await stage.stored()) ?? "")).toEqual({
    version: 1,
    aliases: [{ alias: "wrong0", target: "tiny", options: { num_ctx: 8192 } }, ...rest, good],
  });
});

const FOREIGN = `{
  "version": 1,
  "hub": {"seed": 18446744073709551615, "ratio": 1.0},
  "aliases": [
    {"alias": "theirs", "target": "tiny", "seed": 18446744073709551615, "options": {"seed": 18446744073709551615}},
    {"alias": "ours", "target": "tiny", "options": {"temperature": 1.0, "seed": 1}, "note": 12345678901234567890},
    {"alias": "other", "target": "tiny", "options": {"top_p": 1.0, "newer": 18446744073709551615}}
  ]
}`;

test("foreign keys survive a change of their own alias, and the numbers of others to the last digit", async () => {
  await using stage = await aliasStage({ store: FOREIGN });
  await setAliases(stage, { alias: "ours", target: "tiny", force: { options: { seed: 2 } } });
  await setAliases(stage, { alias: "new", target: "tiny", keep_alive: 5 });
  const text = ((await stage.stored()) ?? "").replaceAll(/\s+/g, " ");
  expect(text).toContain('"hub": { "seed": 18446744073709551615, "ratio": 1.0 }');
  expect(text).toContain('"seed": 18446744073709551615, "options": { "seed": 18446744073709551615 } }');
  expect(text).toContain('"options": { "top_p": 1.0, "newer": 18446744073709551615 } }');
  expect(text).toContain('"note": 12345678901234567890');
  expect(text).not.toContain('"temperature"');
  const { aliases } = JSON.parse(text) as { aliases: { alias: string }[] };
  expect(aliases.map(({ alias }) => alias)).toEqual(["theirs", "ours", "other", "new"]);
  expect(aliases[1]).toMatchObject({ target: "tiny", force: { options: { seed: 2 } } });
});

test("numbers in the store that are written otherwise mean the same", async () => {
  const entry =
    '{"alias":"x","target":"tiny","options":{"num_ctx":8.192e3,"temperature":1.0},"keep_alive":6e1}';
  await using stage = await aliasStage({ store: `{"version":1,"aliases":[${entry}]}` });
  expect(await aliasCall(stage, "GET")).toMatchObject({
    body: {
      aliases: [{ alias: "x", target: "tiny", options: { num_ctx: 8192, temperature: 1 }, keep_alive: 60 }],
    },
  });
  await stage.ask("x");
  const [talk] = stage.engine.talks.slice(-1);
  expect(talk?.body.toString()).toStartWith(
    '{"options":{"num_ctx":8192,"temperature":1},"keep_alive":60,"model"',
  );
});
