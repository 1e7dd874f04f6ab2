/** Reads a key of a JSON object that comes in pieces, as far as it may still be one of those that matter. */

import { QUOTE } from "./json-scan.ts";

/** Where a model may be named: in a field at the top, or in one of an object that stands in a field there. */
export interface NameField {
  readonly parent?: string;
  readonly key: string;
}

export class KeyReader {
  /** The key that was read, if it is one of those; undefined until it has ended. */
  key: string | undefined;
  private readonly fields: readonly NameField[];
  private isTop = true;
  private length = 0;
  /** The fields whose key it may be, a bit each: lists of them would be made anew for every key of an answer. */
  private candidates = 0;

  constructor(fields: readonly NameField[]) {
    this.fields = fields;
  }

  /** A key begins: at the top, or in the object that stands in the field `parent`. */
  begin(parent: string | undefined, isTop: boolean): void {
    this.key = undefined;
    this.isTop = isTop;
    this.length = 0;
    this.candidates = 0;
    for (let index = 0; index < this.fields.length; index++)
      if (isTop || this.fields[index]?.parent === parent) this.candidates |= 1 << index;
  }

  /** Whether the key is none of those. */
  get isOther(): boolean {
    return this.candidates === 0;
  }

  /** Takes the next byte of the key; true when that ended it. */
  take(byte: number): boolean {
    const isOver = byte === QUOTE;
    for (let index = 0, left = this.candidates; left !== 0; index++, left >>= 1) {
      if ((left & 1) === 0) continue;
      const key = this.keyOf(index);
      if (isOver && key.length === this.length) this.key ??= key;
      else if (key.charCodeAt(this.length) !== byte) this.candidates &= ~(1 << index);
    }
    this.length++;
    return isOver;
  }

  private keyOf(index: number): string {
    const field = this.fields[index];
    return (this.isTop ? (field?.parent ?? field?.key) : field?.key) ?? "";
  }
}
