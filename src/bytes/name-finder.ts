/** Finds the string of one field in a JSON text that comes in pieces, cut anywhere. */

import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "./json-scan.ts";
import { KeyReader, type NameField } from "./key-reader.ts";

/** What the next byte belongs to; `key` is one that may still be of those that matter. */
type Place = "structure" | "key" | "other string" | "name";

export class NameFinder {
  private place: Place = "structure";
  private escaped = false;
  private level = 0;
  /** The level whose keys are read: 0 none, 1 the top object, 2 the object in the field `parent`. */
  private live = 0;
  private parent: string | undefined;
  private expecting: "key" | "value" | "comma" = "comma";
  /** Reads the keys of the live level. */
  private readonly reader: KeyReader;
  private found = false;
  private readonly fields: readonly NameField[];

  constructor(fields: readonly NameField[]) {
    this.fields = fields;
    this.reader = new KeyReader(fields);
  }

  /** Whether the name has begun. */
  get inside(): boolean {
    return this.place === "name";
  }

  /** Whether a string has begun that did not end yet. */
  get inString(): boolean {
    return this.place !== "structure";
  }

  /** Whether the name has been read to its end. */
  get done(): boolean {
    return this.found;
  }

  /** Forgets all: the next byte begins another text. */
  reset(): void {
    this.place = "structure";
    this.escaped = false;
    this.level = 0;
    this.live = 0;
    this.found = false;
  }

  /**
   * Reads on from `at`, and stops early one past the quote that opens the name, and again one past the quote that
   * closes it: `inside` and `done` tell which. What follows the name is of no interest: a text names its model once.
   * Returns where it stopped, at most `end`.
   */
  read(chunk: Uint8Array, at: number, end: number): number {
    if (this.inside) return this.skipString(chunk, at, end);
    while (at < end && !this.found && !this.inside) {
      if (this.place === "structure") at = this.readStructure(chunk, at, end);
      else if (this.place === "key") at = this.readKey(chunk, at, end);
      else at = this.skipString(chunk, at, end);
    }
    return this.found ? end : at;
  }

  /** Reads up to the inside of the next string. */
  private readStructure(chunk: Uint8Array, at: number, end: number): number {
    while (at < end) {
      const byte = chunk[at++];
      if (byte === QUOTE) {
        this.openString();
        return at;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.open(byte);
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.close();
      else if (this.level === this.live) {
        if (byte === COLON) this.expecting = "value";
        else if (byte === COMMA) this.expecting = "key";
      }
    }
    return at;
  }

  private open(byte: number): void {
    const enters = this.level === this.live && this.live < 2 && byte === OPEN_BRACE;
    this.level++;
    if (!enters || (this.live === 1 && !this.isParent())) return;
    this.parent = this.live === 1 ? this.reader.key : undefined;
    this.live = this.level;
    this.expecting = "key";
  }

  private close(): void {
    if (this.level === this.live) {
      this.live--;
      this.parent = undefined;
    }
    if (this.level > 0) this.level--;
    if (this.level === this.live) this.expecting = "comma";
  }

  private openString(): void {
    this.place = "other string";
    if (this.live === 0 || this.level !== this.live) return;
    if (this.expecting === "key") {
      this.place = "key";
      this.reader.begin(this.parent, this.live === 1);
    } else if (this.isNamed()) {
      this.place = "name";
    }
  }

  /** Whether the value that begins is one that names may stand in. */
  private isParent(): boolean {
    const { key } = this.reader;
    if (this.expecting !== "value" || key === undefined) return false;
    for (const { parent } of this.fields) if (parent === key) return true;
    return false;
  }

  /** Whether the value that begins is a name. */
  private isNamed(): boolean {
    if (this.expecting !== "value") return false;
    for (const { parent, key } of this.fields)
      if (parent === this.parent && key === this.reader.key) return true;
    return false;
  }

  private readKey(chunk: Uint8Array, at: number, end: number): number {
    const { reader } = this;
    while (at < end) {
      const isOver = reader.take(chunk[at] ?? 0);
      if (isOver) this.place = "structure";
      else if (reader.isOther) this.place = "other string";
      if (this.place === "other string") return at;
      at++;
      if (isOver) return at;
    }
    return at;
  }

  /** Goes on to one past the string's closing quote. */
  private skipString(chunk: Uint8Array, at: number, end: number): number {
    const start = this.escaped ? at + 1 : at;
    this.escaped = false;
    for (let from = start; ;) {
      const quote = chunk.indexOf(QUOTE, from);
      const stop = quote === -1 || quote >= end ? end : quote;
      let slashes = stop;
      while (slashes > start && chunk[slashes - 1] === BACKSLASH) slashes--;
      const escapes = (stop - slashes) % 2 === 1;
      if (stop === end) {
        this.escaped = escapes;
        return end;
      }
      from = stop + 1;
      if (escapes) continue;
      if (this.place === "name") this.found = true;
      this.place = "structure";
      return from;
    }
  }
}
