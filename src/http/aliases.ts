/** Answers the alias API: Ollama's, which it had as `/api/experimental/aliases`, and the same at `/api/aliases`. */

import { removal, setting, type Surroundings } from "../domain/amendment.ts";
import { type Entry, storedAlias } from "../domain/entry.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import { readAlias } from "./alias-body.ts";
import { aliasRows, plainEntries } from "./alias-rows.ts";
import type { Responder } from "./exchange.ts";
import { ollamaJson } from "./json.ts";
import { missingBehind } from "./missing.ts";
import type { Snapshot } from "./snapshot.ts";
import { unmetBehind } from "./unmet-behind.ts";

/** `GET`: Ollama's fields alone; with `?verbose=true` where each comes from, and whether it has any effect. */
export const listAliases: Responder = ({ search, snapshot }) => {
  return ollamaJson({ aliases: isAsked(search, "verbose") ? aliasRows(snapshot) : plainEntries(snapshot) });
};

/** Whether a query has a flag: `?verbose`, `?verbose=1` or `?verbose=true`. */
function isAsked(search: string, flag: string): boolean {
  return ["true", "1", ""].includes(new URLSearchParams(search).get(flag) ?? "no");
}

/** `POST`: makes an alias, or another of one. */
export const setAlias: Responder = async (exchange) => {
  const entry = await readAlias(exchange);
  if (isProblem(entry)) return entry;
  const kept = await keep(entry, exchange.snapshot);
  if (isProblem(kept)) return kept;
  const reply = ollamaJson(kept);
  const alias = storedAlias(kept);
  const { snapshot } = exchange.snapshot.reloads;
  const warnings = [...missingBehind(alias, snapshot), ...unmetBehind(alias, snapshot)];
  if (warnings.length > 0) reply.headers.set("x-mellamo-warning", headerText(warnings.join("; ")));
  return reply;
};

/** Clients give up on headers that are much longer than usual. */
const MAX_WARNING = 1000;

/** What a header can hold of a text. */
function headerText(text: string): string {
  const letters = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return letters.length > MAX_WARNING ? `${letters.slice(0, MAX_WARNING)}...` : letters;
}

/** `DELETE`, with a body that names the alias; with `?shadowed=true` also one that has no effect because of the file. */
export const removeAlias: Responder = async (exchange) => {
  const entry = await readAlias(exchange);
  if (isProblem(entry)) return entry;
  const { search, snapshot } = exchange;
  const hidden = isAsked(search, "shadowed") ? "removed" : "kept";
  const around = surroundingsOf(snapshot);
  const removed = await snapshot.store.change(removal(entry.alias, entry.prefix_matching, around, hidden));
  return isProblem(removed) ? removed : ollamaJson({ deleted: true });
};

/** Keeps an alias for good. Returns it with its names as they are kept. */
export async function keep(entry: Entry, snapshot: Snapshot): Promise<Entry | Problem> {
  const change = await snapshot.store.change(setting(entry, surroundingsOf(snapshot)));
  if (isProblem(change)) return change;
  return "set" in change ? change.set : change.remove;
}

/** Removes the stored alias of exactly this name. */
export async function drop(name: string, snapshot: Snapshot): Promise<Problem | object> {
  return snapshot.store.change(removal(name, false, surroundingsOf(snapshot)));
}

function surroundingsOf({ config, fleet }: Snapshot): Surroundings {
  return {
    config: config.aliases,
    backends: fleet.backends.map(({ name }) => name),
    isModel: fleet.isModel,
    isOpen: fleet.isOpen,
  };
}
