/** The aliases of a file and of a store beside some models, and what names come to among them. */

import { type Change, type Decide, setting, type Surroundings } from "../../src/domain/amendment.ts";
import { type Book, bookOf, nameIdentity } from "../../src/domain/book.ts";
import { type Entry, storedAlias } from "../../src/domain/entry.ts";
import { keyOf } from "../../src/domain/name.ts";
import { isProblem, textOf } from "../../src/domain/problem.ts";
import { type Resolution, resolve } from "../../src/domain/resolve.ts";
import { aliases, type Written } from "./aliases.ts";

export interface World {
  /** The aliases of the file. */
  readonly file?: Readonly<Record<string, Written>>;
  readonly stored?: readonly Entry[];
  /** `model@backend` is only there. */
  readonly models?: readonly string[];
  readonly backends?: readonly string[];
}

/** An entry of the store for one name. */
export function exact(alias: string, ...targets: readonly string[]): Entry {
  const [target = "", ...others] = targets;
  return { alias, target, ...(others.length === 0 ? {} : { targets }) };
}

/** An entry of the store for all names that begin so. */
export function prefix(alias: string, ...targets: readonly string[]): Entry {
  return { ...exact(alias, ...targets), prefix_matching: true };
}

export function bookIn({ file = {}, stored = [] }: World): Book {
  return bookOf(aliases(file), stored.map(storedAlias));
}

export function around({ file = {}, models = [], backends = [] }: World): Surroundings {
  const known = models.map((text) => text.split("@"));
  return {
    config: aliases(file),
    backends,
    isModel: (name, backend) =>
      known.some(
        ([model = "", where]) =>
          keyOf(model) === keyOf(name) && (backend === undefined || where === undefined || where === backend),
      ),
  };
}

/** What names come to, one after the other. */
export function resolver(world: World): (asked: string) => Resolution {
  const book = bookIn(world);
  const { isModel } = around(world);
  return (asked) => resolve(asked, book, isModel);
}

export function resolution(asked: string, world: World): Resolution {
  return resolver(world)(asked);
}

/** The models that a name leads to, or why it leads nowhere. */
export function ends(asked: string, world: World): string | string[] {
  const found = resolution(asked, world);
  if (found.kind === "route") return found.route.targets.map(({ model }) => model);
  return found.kind === "broken" ? found.why : found.kind;
}

/** "set", or the words of the refusal. */
export function verdict(entry: Entry, world: World): string {
  return verdictOf(setting(entry, around(world)), world);
}

/** "set", "remove", or the words of the refusal. */
export function verdictOf(decide: Decide, { stored = [] }: World): string {
  const change = decide(stored);
  if (isProblem(change)) return textOf(change);
  return "set" in change ? "set" : "remove";
}

/** The world as it is after a change: the new entry is the last, wherever the old one was. */
export function after(change: Change, world: World): World {
  const { stored = [] } = world;
  const changed = "set" in change ? change.set : change.remove;
  const others = stored.filter((one) => identityOf(one) !== identityOf(changed));
  return { ...world, stored: "set" in change ? [...others, change.set] : others };
}

function identityOf(entry: Entry): string {
  return nameIdentity(storedAlias(entry));
}
