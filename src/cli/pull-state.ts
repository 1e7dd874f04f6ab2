/** How far a pull is, by the lines in which an Ollama tells of it. */

import * as v from "valibot";

import { bar, type Row, sizeText } from "./progress.ts";

const Line = v.object({
  status: v.fallback(v.optional(v.string(), ""), ""),
  digest: v.fallback(v.optional(v.string()), undefined),
  total: v.fallback(v.optional(v.number()), undefined),
  /** Left out while it is nothing. */
  completed: v.fallback(v.optional(v.number(), 0), 0),
  error: v.fallback(v.optional(v.string()), undefined),
});

export interface KeyedRow extends Row {
  /** A layer's digest, or what goes on beside layers. */
  readonly key: string;
}

export class PullState {
  private error: string | undefined;
  private isDone = false;
  private lastStatus = "";
  /** Layers that have been told of, and whether they are complete. */
  private readonly layers = new Map<string, boolean>();

  /** Why it came to nothing; undefined where it did not. */
  get failure(): string | undefined {
    return this.error ?? (this.isDone ? undefined : "the answer broke off before it was done");
  }

  /** What a line changes in what is shown. */
  take(json: unknown): KeyedRow[] {
    const read = v.safeParse(Line, json);
    if (!read.success) return [];
    const { status, digest, total, completed, error } = read.output;
    this.error ??= error;
    if (error !== undefined) return [];
    if (status === "success") this.isDone = true;
    if (digest === undefined || total === undefined) return this.takeStatus(status);
    const isWhole = completed >= total;
    const before = this.layers.get(digest);
    // one that falls back, because a part came wrong, was told of all the same
    this.layers.set(digest, isWhole || before === true);
    const sizes = `${sizeText(completed)} of ${sizeText(total)}`;
    const text = `${status}  ${bar(total === 0 ? 1 : completed / total)}  ${sizes}`;
    return [{ key: digest, text, isNews: before === undefined || (isWhole && !before) }];
  }

  private takeStatus(status: string): KeyedRow[] {
    if (status === "" || status === this.lastStatus) return [];
    this.lastStatus = status;
    return [{ key: "status", text: status, isNews: true }];
  }
}
