/** A table of the configuration file that has no keys but the known ones. */

import * as v from "valibot";

import { hint } from "../domain/nearest.ts";
import { isOption } from "../domain/options.ts";

/** The keys of other tables, by the names of these. */
type Elsewhere = Readonly<Record<string, object>>;

/**
 * Like valibot's `strictObject`, which stops at the first unknown key, but names them all, each with the known key
 * that is nearest to it, or with the table it belongs to.
 */
export function closed<const E extends v.ObjectEntries>(
  entries: E,
  expected = "expected a table",
  elsewhere: Elsewhere = {},
) {
  const known = Object.keys(entries);
  return v.pipe(
    v.looseObject(entries, expected),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (typeof input !== "object" || input === null || Array.isArray(input)) return;
      const table = { ...input };
      for (const [key, value] of Object.entries(table)) {
        if (known.includes(key)) continue;
        const message = `unknown key${hintOf(key, known, elsewhere)}`;
        addIssue({ message, path: [{ type: "object", origin: "key", input: table, key, value }] });
      }
    }),
  );
}

function hintOf(key: string, known: readonly string[], elsewhere: Elsewhere): string {
  const home = Object.entries(elsewhere).find(([, keys]) => Object.hasOwn(keys, key))?.[0];
  if (home !== undefined) return `, it belongs below [${home}]`;
  if (known.includes("options") && isOption(key)) return `, it belongs in options = { ${key} = … }`;
  return hint(key, known);
}
