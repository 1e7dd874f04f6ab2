/** The alias store in a file. Others may change the file too: what they wrote is read before each save. */

import { isUtf8 } from "node:buffer";
import { rename } from "node:fs/promises";

import type { Change, Decide } from "../domain/amendment.ts";
import type { Entry } from "../domain/entry.ts";
import { fileTrouble } from "../domain/failure.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import { LOCK_PATIENCE_MS, withLock } from "../files/lock.ts";
import { MAX_BYTES, readWhole } from "../files/read-file.ts";
import { behindLinks, FileChanged, replaceText } from "../files/replace-file.ts";
import type { AliasStore } from "./alias-store.ts";
import { type Document, documentText, EMPTY, parseDocument, type Unreadable } from "./document.ts";
import { entriesOf, unreadableEntries, withEntry, withoutEntry } from "./entries.ts";

/** Programs that do not replace a file at once leave it empty, half written or away for a moment. */
const SETTLE_MS = 100;

const NO_TEXT: Unreadable = { unreadable: "it is no UTF-8 text", isForeign: false };

/** In characters, each of at most three bytes: far more aliases than anybody has. */
const MAX_SAVED = MAX_BYTES / 4;

/** What cannot be read is looked at so often, each time after a pause, before it is believed all the same. */
const MAX_LOOKS = 10;

const MAX_TRIES = 5;

/** What the file says. */
interface Found {
  /** Undefined where there is no file. What is no UTF-8 is replaced in it. */
  readonly text: string | undefined;
  readonly content: Document | Unreadable;
}

export class FileStore implements AliasStore {
  readonly place: string;
  entries: readonly Entry[] = [];
  private document: Document = EMPTY;
  private text: string | undefined;
  private failure: string | undefined;
  /** Where a file went that was no store. */
  private aside: string | undefined;
  private readonly listeners = new Set<() => void>();
  /** Changes and loads take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.place = path;
  }

  get trouble(): string | undefined {
    return this.failure ?? (this.aside && `it could not be read, and was set aside as ${this.aside}`);
  }

  load(): Promise<void> {
    return this.inTurn(async () => {
      try {
        const found = await this.settled(this.place);
        if ("unreadable" in found.content) this.report(found.content.unreadable);
        else {
          // whoever puts a whole file there has what was set aside back
          if (found.text !== undefined && found.text !== this.text) this.aside = undefined;
          this.takeIn(found.text, found.content);
        }
      } catch (failure) {
        this.report(fileTrouble(failure));
      }
    });
  }

  change(decide: Decide): Promise<Change | Problem> {
    return this.atFile((path) => this.changeAt(path, decide));
  }

  /** Moves a file away that is no store, so that it is there for its owner whatever is saved later. */
  async setAside(): Promise<void> {
    // where that cannot be done, the store tells why when it is loaded
    await this.atFile(async (path) => {
      const aside = asideOf(path, await this.settled(path));
      if (aside === undefined) return;
      await rename(path, aside);
      this.aside = aside;
      this.failure = undefined;
      this.notify();
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Others take no lock: where one of them has saved in the meantime, the change is decided on anew. */
  private async changeAt(path: string, decide: Decide, tries = MAX_TRIES): Promise<Change | Problem> {
    const found = await this.settled(path);
    const { text, content } = found;
    if (!("unreadable" in content)) this.takeIn(text, content);
    else if (content.isForeign) return { ...this.unsaved(content.unreadable), problem: "foreign store" };
    else this.report(content.unreadable);
    const decision = decide(this.entries);
    if (isProblem(decision)) return decision;
    const after =
      "set" in decision
        ? withEntry(this.document, decision.set)
        : withoutEntry(this.document, decision.remove);
    const written = documentText(after);
    // what could not be read back must not be saved; what makes the file smaller always may
    if (written.length > MAX_SAVED && written.length > (text ?? "").length)
      return this.unsaved("it would become too large");
    const aside = asideOf(path, found);
    const isAsBefore = async (): Promise<boolean> => (await this.look(path)).text === text;
    try {
      if (written !== text) await replaceText(path, written, { aside, isAsBefore });
    } catch (failure) {
      if (!(failure instanceof FileChanged) || tries === 1) throw failure;
      return this.changeAt(path, decide, tries - 1);
    }
    this.aside = aside ?? this.aside;
    this.takeIn(written, after);
    return decision;
  }

  /** What cannot be read may be about to be written: it is believed when it is the same twice. */
  private async settled(path: string): Promise<Found> {
    let found = await this.look(path);
    for (let looks = 1; ; looks++) {
      const isExpected = found.text !== undefined || this.text === undefined;
      if (isExpected && !("unreadable" in found.content)) return found;
      await Bun.sleep(SETTLE_MS);
      const again = await this.look(path);
      if (again.text === found.text || looks >= MAX_LOOKS) return again;
      found = again;
    }
  }

  /** Most changes find what is in force: that is known already. */
  private async look(path: string): Promise<Found> {
    const bytes = await readWhole(path);
    if (bytes === undefined) return { text: undefined, content: EMPTY };
    const text = new TextDecoder().decode(bytes);
    if (!isUtf8(bytes)) return { text, content: NO_TEXT };
    return { text, content: text === this.text ? this.document : parseDocument(text) };
  }

  private takeIn(text: string | undefined, document: Document): void {
    if (text === this.text && this.failure === undefined) return;
    const unreadable = unreadableEntries(document);
    this.text = text;
    this.document = document;
    this.entries = entriesOf(document);
    this.failure =
      unreadable === 0 ? undefined : `entries that cannot be read, and have no effect: ${unreadable}`;
    this.notify();
  }

  private report(failure: string): void {
    if (failure === this.failure) return;
    this.failure = failure;
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }

  private atFile<T>(work: (path: string) => Promise<T>): Promise<T | (Problem & { readonly text: string })> {
    // whoever has to wait for the turn does not wait for the lock as long again
    const deadlineMs = performance.now() + LOCK_PATIENCE_MS;
    return this.inTurn(async () => {
      try {
        const path = await behindLinks(this.place);
        return await withLock(path, () => work(path), deadlineMs);
      } catch (failure) {
        return this.unsaved(fileTrouble(failure));
      }
    });
  }

  private unsaved(why: string): Problem & { readonly text: string } {
    return { problem: "unsaved", text: `the alias store ${this.place} cannot be changed: ${why}` };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }
}

/** Where a file has to go that is no store and not of another layout; undefined where there is nothing to keep. */
function asideOf(path: string, { text, content }: Found): string | undefined {
  if (!("unreadable" in content) || content.isForeign || text === undefined || text.trim() === "")
    return undefined;
  return `${path}.broken-${new Date().toISOString().replaceAll(":", "-")}`;
}
