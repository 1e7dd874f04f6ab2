/**
 * Puts the name a client asked for back into an answer, while the answer streams through.
 *
 * Only the JSON string of one field is replaced; text that quotes a name is never touched. Nothing is held back:
 * a record may be cut anywhere, even within a character.
 */

import { NEWLINE, RETURN } from "./json-scan.ts";
import type { NameField } from "./key-reader.ts";
import { NameFinder } from "./name-finder.ts";
import { type Edit, splice } from "./splice.ts";

/** How an answer is divided into records: one JSON text, one a line, or one a server-sent event. */
export type Framing = "json" | "lines" | "events";

/** The framing that a content type means; undefined where there is no JSON in it. */
export function framingOf(contentType: string | undefined): Framing | undefined {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/json") return "json";
  if (type === "application/x-ndjson") return "lines";
  return type === "text/event-stream" ? "events" : undefined;
}

const DATA = "data:";
const NOTHING = new Uint8Array();

/** The line does not begin with `data:`. */
const OTHER_LINE = DATA.length + 1;

/** The state of one answer on its way. */
export class Echo {
  private readonly finder: NameFinder;
  /** How much of `data:` the line has shown so far. */
  private prefix = 0;
  private blankLine = true;
  /** What is replaced in the chunk. */
  private edits: Edit[] = [];
  /** Where in the chunk the engine's name begins, and what takes the place of what is here of it. */
  private opened = 0;
  private replacement: Uint8Array = NOTHING;
  private readonly framing: Framing;
  private readonly name: Uint8Array;

  /** `name` is a JSON string with its quotes. */
  constructor(framing: Framing, fields: readonly NameField[], name: Uint8Array) {
    this.framing = framing;
    this.name = name;
    this.finder = new NameFinder(fields);
  }

  /** The next chunk as the client shall have it: the very same where nothing in it is replaced. */
  through(chunk: Uint8Array): Uint8Array {
    const { finder } = this;
    this.edits = [];
    // of a name that began before nothing is left to be put in
    this.opened = 0;
    this.replacement = NOTHING;
    if (this.framing === "json") this.replace(chunk, 0, chunk.length);
    else this.replaceByLine(chunk);
    if (finder.inside) this.drop(chunk.length);
    return splice(chunk, this.edits);
  }

  private replaceByLine(chunk: Uint8Array): void {
    for (let at = 0; ;) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline === -1 ? chunk.length : newline;
      if (end - at > 1 || (end > at && chunk[at] !== RETURN)) this.blankLine = false;
      if (this.framing === "events") at = this.skipPrefix(chunk, at, end);
      this.replace(chunk, at, end);
      if (newline === -1) return;
      this.endLine(newline);
      at = newline + 1;
    }
  }

  /** Where the payload of a `data:` line begins; the end of any other line (WHATWG HTML 9.2.6). */
  private skipPrefix(chunk: Uint8Array, at: number, end: number): number {
    while (at < end && this.prefix < DATA.length) {
      this.prefix = chunk[at] === DATA.charCodeAt(this.prefix) ? this.prefix + 1 : OTHER_LINE;
      at++;
    }
    return this.prefix === DATA.length ? at : end;
  }

  /** A record ends with its line or, in an event stream, with an empty one, even if its JSON is not complete. */
  private endLine(newline: number): void {
    if (this.finder.inside) this.drop(newline);
    // no string goes beyond its line
    if (this.finder.inString || this.blankLine || this.framing === "lines") this.finder.reset();
    this.prefix = 0;
    this.blankLine = true;
  }

  private replace(chunk: Uint8Array, at: number, end: number): void {
    while (at < end) {
      const wasInside = this.finder.inside;
      at = this.finder.read(chunk, at, end);
      if (this.finder.inside && !wasInside) {
        this.opened = at - 1;
        this.replacement = this.name;
      } else if (wasInside && !this.finder.inside) {
        this.drop(at);
      }
    }
  }

  /** What the engine calls itself, up to `end`, makes room for the name. */
  private drop(end: number): void {
    this.edits.push({ start: this.opened, end, bytes: this.replacement });
  }
}
