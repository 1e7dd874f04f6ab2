/**
 * Clients change aliases as fast as they can, over HTTP, until the router is killed. Whatever it had acknowledged is in
 * the file then; what it was about to do is there as a whole, or not at all.
 */

import { expect } from "bun:test";
import { readdir, readFile } from "node:fs/promises";

import { type Folder, folderOf } from "../../support/folder.ts";
import { type Mellamo, mellamo } from "../../support/mellamo.ts";
import { NO_ENGINE } from "../../support/over.ts";
import { forSeedsInTurn, type Random } from "../../support/random.ts";
import { aliasesOf, removeAlias, setAlias, storeTable } from "../../support/store-calls.ts";
import { entriesIn, foreignTop, rawEntries } from "../../support/store-text.ts";

/** Writing a large file takes so long that a kill can hit it half way. */
const FOREIGN = `{"bulk":"${"x".repeat(1_000_000)}","note":18446744073709551615}`;
const KEPT = '{"alias":"kept","mine":1.0,"target":"m"}';
const BEFORE = FOREIGN.replace(/}$/, `,"aliases":[${KEPT}]}`);

const CLIENTS = 4;

/** Each client has names of its own, so that of each name at most one change is under way. */
const NAMES_EACH = 12;

/** A change takes a few milliseconds: the router dies in its first, or after dozens. */
const LONGEST_LIFE_MS = 120;

/** A target; null where there is no alias of the name. */
type State = string | null;

class Known {
  readonly acknowledged = new Map<string, State>();
  readonly asked = new Map<string, State>();
  changes = 0;

  get aliases(): Record<string, State> {
    return Object.fromEntries([...this.acknowledged].filter(([, state]) => state !== null));
  }
}

/** Kills a router as often as that, each time one that goes on with what the last has left. */
export async function killOften(kills: number): Promise<void> {
  await using folder = await folderOf({ "server.json": BEFORE });
  const known = new Known();
  await forSeedsInTurn(kills, (random) => liveAndDie(folder, known, random));
  // it was killed at work, though a busy machine does not get far each time
  expect(known.changes).toBeGreaterThan(kills / 4);
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  expect((await setAlias(router, "last", "m")).status).toBe(200);
  expect((await readdir(folder.path)).sort()).toEqual(["server.json", "server.json.lock"]);
}

async function liveAndDie(folder: Folder, known: Known, random: Random): Promise<void> {
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  expect(await aliasesOf(router)).toEqual({ kept: "m", ...known.aliases } as never);
  const clients = Array.from({ length: CLIENTS }, (_, index) => changeOnAndOn(router, index, known, random));
  await Bun.sleep(random.next() * LONGEST_LIFE_MS);
  process.kill(router.pid, "SIGKILL");
  await Promise.all(clients);
  await takeStock(folder, known);
}

/** Ends when the router does. */
async function changeOnAndOn(router: Mellamo, index: number, known: Known, random: Random): Promise<void> {
  for (;;) {
    const name = `client-${index}-${random.below(NAMES_EACH)}`;
    const target = random.chance(0.25) ? null : `m-${known.changes}`;
    known.asked.set(name, target);
    let status: number;
    try {
      const call = target === null ? removeAlias(router, name) : setAlias(router, name, target);
      ({ status } = await call);
    } catch {
      return;
    }
    expect([200, ...(target === null ? [404] : [])]).toContain(status);
    known.acknowledged.set(name, target);
    known.asked.delete(name);
    known.changes++;
  }
}

/** Looks at what is left, and takes what was asked for but never acknowledged as it turned out. */
async function takeStock(folder: Folder, known: Known): Promise<void> {
  const text = await readFile(folder.at("server.json"), "utf8");
  expect(foreignTop(text) === FOREIGN).toBe(true);
  expect(rawEntries(text)[0]).toBe(KEPT);
  const found = new Map(entriesIn(text).map(({ alias, target }) => [alias, target]));
  found.delete("kept");
  for (const [name, state] of known.asked) {
    const now = found.get(name) ?? null;
    if (now === state) known.acknowledged.set(name, state);
  }
  known.asked.clear();
  expect(Object.fromEntries(found)).toEqual(known.aliases as never);
  expect((await readdir(folder.path)).filter((name) => name.includes("broken"))).toEqual([]);
}
