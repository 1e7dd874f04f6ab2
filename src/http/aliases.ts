/** Answers the alias API: Ollama's, which it had as `/api/experimental/aliases`, and the same at `/api/aliases`. */

import { removal, setting, type Surroundings } from "../domain/amendment.ts";
import { bookOf } from "../domain/book.ts";
import { type Entry, storedAlias } from "../domain/entry.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import { readAlias } from "./alias-body.ts";
import { aliasRows, plainEntries } from "./alias-rows.ts";
import type { Responder } from "./exchange.ts";
import { ollamaJson } from "./json.ts";
import { missingBehind } from "./missing.ts";
import type { Snapshot } from "./snapshot.ts";

/** `GET`: Ollama's fields alone; with `?verbose=true` where each comes from, and whether it has any effect. */
export const listAliases: Responder = ({ search, snapshot }) => {
  const isVerbose = ["true", "1", ""].includes(new URLSearchParams(search).get("verbose") ?? "no");
  return ollamaJson({ aliases: isVerbose ? aliasRows(snapshot) : plainEntries(snapshot) });
};

/** `POST`: makes an alias, or another of one. */
export const setAlias: Responder = async (exchange) => {
  const entry = await readAlias(exchange);
  if (isProblem(entry)) return entry;
  const kept = await keep(entry, exchange.snapshot);
  if (isProblem(kept)) return kept;
  const reply = ollamaJson(kept);
  const { config, fleet, store } = exchange.snapshot;
  const book = bookOf(config.aliases, store.entries.map(storedAlias));
  const missing = missingBehind(storedAlias(kept), { book, fleet });
  if (missing.length > 0) reply.headers.set("x-mellamo-warning", headerText(missing.join("; ")));
  return reply;
};

/** Clients give up on headers that are much longer than usual. */
const MAX_WARNING = 1000;

/** What a header can hold of a text. */
function headerText(text: string): string {
  const letters = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return letters.length > MAX_WARNING ? `${letters.slice(0, MAX_WARNING)}...` : letters;
}

/** `DELETE`, with a body that names the alias. */
export const removeAlias: Responder = async (exchange) => {
  const entry = await readAlias(exchange);
  if (isProblem(entry)) return entry;
  const removed = await drop(entry.alias, entry.prefix_matching, exchange.snapshot);
  return isProblem(removed) ? removed : ollamaJson({ deleted: true });
};

/** Keeps an alias for good. Returns it with its names as they are kept. */
export async function keep(entry: Entry, snapshot: Snapshot): Promise<Entry | Problem> {
  const change = await snapshot.store.change(setting(entry, surroundingsOf(snapshot)));
  if (isProblem(change)) return change;
  return "set" in change ? change.set : change.remove;
}

/** Removes a stored alias, the exact one of a name before the prefix unless it is said which. */
export async function drop(
  name: string,
  isPrefix: boolean | undefined,
  snapshot: Snapshot,
): Promise<Problem | object> {
  return snapshot.store.change(removal(name, isPrefix, surroundingsOf(snapshot)));
}

function surroundingsOf({ config, fleet }: Snapshot): Surroundings {
  return {
    config: config.aliases,
    backends: fleet.backends.map(({ name }) => name),
    isModel: fleet.isModel,
  };
}
