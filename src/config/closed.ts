/** A table of the configuration file that has no keys but the known ones. */

import * as v from "valibot";

import { nearest } from "../domain/nearest.ts";

/**
 * Like valibot's `strictObject`, which stops at the first unknown key, but names them all, each with the known key
 * that is nearest to it.
 */
export function closed<const E extends v.ObjectEntries>(entries: E, expected = "expected a table") {
  const known = Object.keys(entries);
  return v.pipe(
    v.looseObject(entries, expected),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (typeof input !== "object" || input === null || Array.isArray(input)) return;
      for (const [key, value] of Object.entries(input)) {
        if (known.includes(key)) continue;
        const [near] = nearest(key, known, 1);
        const message = near === undefined ? "unknown key" : `unknown key, did you mean "${near}"?`;
        addIssue({ message, path: [{ type: "object", origin: "key", input: { ...input }, key, value }] });
      }
    }),
  );
}
