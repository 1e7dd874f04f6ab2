/** What a shell offers where a command takes a name, a file, or one of a few words. */

import type * as v from "valibot";

import type { Status } from "./status-schema.ts";

/** What a running router knows: names that can be asked for, aliases, those of the store, backends. */
export const KNOWN = ["names", "aliases", "stored", "backends"] as const;
export type Known = (typeof KNOWN)[number];

/** That, the files of this machine, or words that are always the same. */
export type Offer = Known | "files" | readonly string[];

/** Sorted; each can stand on a line of its own, and is no option. */
export function knownNames(kind: Known, { aliases, backends }: v.InferOutput<typeof Status>): string[] {
  const names = aliases.map(({ name }) => name);
  const models = backends.flatMap((one) => one.models.filter(({ open }) => open).map(({ id }) => id));
  const known: Readonly<Record<Known, readonly string[]>> = {
    // a pattern stands for names, and is none
    names: [...names.filter((name) => !name.includes("*")), ...models],
    aliases: names,
    stored: aliases.filter(({ source }) => source === "stored").map(({ name }) => name),
    backends: backends.map(({ name }) => name),
  };
  return [...new Set(known[kind])].filter((name) => !/^-|[\x00-\x1f\x7f]/.test(name)).sort();
}
