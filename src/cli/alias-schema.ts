/** The answers of the alias API that commands show. */

import * as v from "valibot";

import { parameterEntries } from "../domain/parameter-schema.ts";

const entry = {
  alias: v.string(),
  target: v.string(),
  prefix_matching: v.optional(v.boolean()),
  targets: v.optional(
    v.array(
      v.union([
        v.string(),
        v.object({ model: v.string(), backend: v.optional(v.string()), weight: v.optional(v.number()) }),
      ]),
    ),
  ),
  strategy: v.optional(v.picklist(["pool", "order"])),
  listed: v.optional(v.boolean()),
  echo: v.optional(v.boolean()),
  ...parameterEntries,
};

export const EntryReply = v.object(entry);

export const RemovalReply = v.object({ deleted: v.literal(true) });

export const Refusal = v.object({ error: v.string() });

/** With `?verbose=true`. */
export const AliasRows = v.object({
  aliases: v.array(
    v.object({
      ...entry,
      source: v.picklist(["config", "stored"]),
      shadowed: v.boolean(),
      shadowed_by: v.optional(v.picklist(["config", "model"])),
      pattern: v.optional(v.boolean()),
      broken: v.optional(v.string()),
      missing: v.optional(v.array(v.string())),
    }),
  ),
});
