/** Changes the text of an alias store as the program does, without any file. */

import type { Change } from "../../src/domain/amendment.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { type Document, documentText, parseDocument } from "../../src/store/document.ts";
import { entriesOf, withEntry, withoutEntry } from "../../src/store/entries.ts";
import { canonical, type Exact, exactly, isList } from "./exact-json.ts";

/** Throws for what is no store. */
export function documentOf(text: string): Document {
  const document = parseDocument(text);
  if ("unreadable" in document) throw new Error(document.unreadable);
  return document;
}

export function entriesIn(text: string): Entry[] {
  return entriesOf(documentOf(text));
}

/** The text after a change. */
export function changed(text: string, change: Change): string {
  const document = documentOf(text);
  return documentText(
    "set" in change ? withEntry(document, change.set) : withoutEntry(document, change.remove),
  );
}

/** What stands in a text beside the keys of the store's own, to the last digit. */
export function foreignTop(text: string): string {
  const top = exactly(text);
  if (!(top instanceof Map)) throw new Error("No object");
  return canonical(new Map([...top].filter(([key]) => key !== "version" && key !== "aliases")));
}

/** Each entry as it stands there, to the last digit; those that are objects without the named keys. */
export function rawEntries(text: string, without: readonly string[] = []): string[] {
  const top = exactly(text);
  const entries = top instanceof Map ? top.get("aliases") : undefined;
  if (!isList(entries)) return [];
  return entries.map((entry: Exact) =>
    canonical(entry instanceof Map ? new Map([...entry].filter(([key]) => !without.includes(key))) : entry),
  );
}
