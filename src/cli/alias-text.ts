/** Aliases as people read them. */

import type { Entry } from "../domain/entry.ts";
import { isOllamaName } from "../domain/ollama-name.ts";
import type { AliasRow } from "../http/alias-rows.ts";
import { targetText } from "./status-schema.ts";

/** A prefix has the `*` that patterns of the configuration have. */
export function nameText({ alias, prefix_matching: isPrefix }: Entry): string {
  return isPrefix === true ? `${alias}*` : alias;
}

export function targetsText({ target, targets, strategy }: Entry): string {
  const texts = (targets ?? [target]).map((one) => (typeof one === "string" ? one : targetText(one)));
  return texts.join(strategy === "order" ? ", then " : ", ");
}

export const SHADOW_TEXTS = {
  config: "shadowed by the configuration file",
  model: "shadowed by a model of that name",
} as const;

/** Why an alias does not do what it says; "" where it does. */
export function stateText({
  shadowed_by: shadow,
  broken,
  missing,
}: Pick<AliasRow, "shadowed_by" | "broken" | "missing">): string {
  if (shadow !== undefined) return SHADOW_TEXTS[shadow];
  return broken ?? missing?.join("; ") ?? "";
}

/** The file and the store may have an alias of one name each. */
export function warningOf(source: AliasRow["source"], name: string, why: string): string {
  return `warning: ${source === "stored" ? "stored alias" : "alias"} "${name}": ${why}`;
}

/** A name as people write it: a `*` at its end makes a prefix. Without one it is not said. */
export function writtenName(text: string): {
  readonly alias: string;
  readonly isPrefix: boolean | undefined;
} {
  const isPrefix = text.endsWith("*") && !isOllamaName(text);
  return { alias: isPrefix ? text.slice(0, -1) : text, isPrefix: isPrefix || undefined };
}
