/** Aliases as people read them. */

import type { Alias } from "../domain/alias.ts";
import type { Entry } from "../domain/entry.ts";
import { isOllamaName } from "../domain/ollama-name.ts";
import type { AliasRow } from "../http/alias-rows.ts";
import { hindranceText, isHindered } from "../http/hindrance.ts";
import { targetText } from "./status-schema.ts";

/** A prefix has the `*` that patterns of the configuration have. */
export function nameText({ alias, prefix_matching: isPrefix }: Entry): string {
  return isPrefix === true ? `${alias}*` : alias;
}

export function targetsText({ target, targets, strategy }: Entry): string {
  const texts = (targets ?? [target]).map((one) => (typeof one === "string" ? one : targetText(one)));
  return texts.join(strategy === "order" ? ", then " : ", ");
}

/** Why an alias does not do what it says; "" where it does. */
export function stateText(row: Pick<AliasRow, "shadowed_by" | "broken" | "missing">): string {
  return isHindered(row) ? hindranceText(row) : (row.missing?.join("; ") ?? "");
}

/** An alias as others speak of it: the file and the store may have one of a name each. */
export function aliasTitle({ source, name }: Pick<Alias, "source" | "name">): string {
  return `${source === "stored" ? "stored alias" : "alias"} "${name}"`;
}

/** A name as people write it: a `*` at its end makes a prefix. Without one it is not said. */
export function writtenName(text: string): {
  readonly alias: string;
  readonly isPrefix: boolean | undefined;
} {
  const isPrefix = text.endsWith("*") && !isOllamaName(text);
  return { alias: isPrefix ? text.slice(0, -1) : text, isPrefix: isPrefix || undefined };
}
