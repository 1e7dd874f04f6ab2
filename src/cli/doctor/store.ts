/** Whether the file of the aliases that are made while the router runs can be read, understood and written. */

import { stat } from "node:fs/promises";

import { type Entry, entryOf } from "../../domain/entry.ts";
import { fileTrouble } from "../../domain/failure.ts";
import { readWhole, utf8 } from "../../files/read-file.ts";
import { whyUnwritable } from "../../files/writable.ts";
import { type Document, parseDocument, type Unreadable } from "../../store/document.ts";
import { entriesOf, unreadableEntries } from "../../store/entries.ts";
import { writtenName } from "../alias-text.ts";
import type { Finding } from "./finding.ts";
import type { Running } from "./running.ts";

const WHAT = "alias store";

const ELSEWHERE = "or name another file by [store] path";

export interface Stored {
  readonly findings: readonly Finding[];
  /** As far as they can be read, here or by the router that runs; undefined where they cannot. */
  readonly entries: readonly Entry[] | undefined;
}

/** Of the router that runs its own store; else of the one that the configuration names. `pid` is the router's. */
export async function storeCheck(
  configured: string | undefined,
  running: Running | undefined,
  pid: number | undefined,
): Promise<Stored> {
  const isOther = running !== undefined && !(await isOfThisUser(pid));
  const { findings, entries } = await look(configured, running, isOther);
  const trouble = running?.store.trouble ?? undefined;
  const isTold = findings.some(({ state }) => state === "fault");
  if (running === undefined || trouble === undefined || isTold || isMild(trouble))
    return { findings, entries: entries ?? toldEntries(running) };
  // it cannot, whatever this user can
  return { findings: [closedFinding(running.store.path, trouble, false)], entries: toldEntries(running) };
}

/** Whether a router has a store all the same. */
function isMild(trouble: string): boolean {
  return /^entries that cannot be read|set aside as /.test(trouble);
}

/** Whether what this user may not do is closed to that process, too; false where the system does not tell. */
async function isOfThisUser(pid: number | undefined): Promise<boolean> {
  const found = pid === undefined ? undefined : await stat(`/proc/${pid}`).catch(() => undefined);
  return found !== undefined && found.uid === process.getuid?.();
}

/** What the router that runs has read. One that cannot read it has none, which says nothing of the file. */
function toldEntries(running: Running | undefined): readonly Entry[] | undefined {
  const stored = running?.aliases?.filter(({ source }) => source === "stored");
  if (running === undefined || (stored?.length === 0 && running.store.trouble !== null)) return undefined;
  return stored?.map(({ name, targets, strategy, listed }) => {
    const { alias, isPrefix } = writtenName(name);
    return entryOf({ alias, prefix_matching: isPrefix, targets, strategy, listed });
  });
}

async function look(
  configured: string | undefined,
  running: Running | undefined,
  isOther: boolean,
): Promise<Stored> {
  const path = running?.store.path ?? configured;
  if (path === undefined) return { findings: [], entries: [] };
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readWhole(path);
  } catch (failure) {
    return { findings: [closedFinding(path, fileTrouble(failure), isOther)], entries: undefined };
  }
  const why = await whyUnwritable(path);
  const writing = why === undefined ? [] : [closedFinding(path, why, isOther)];
  if (bytes !== undefined) {
    const content = contentOf(bytes);
    const entries = "unreadable" in content ? undefined : entriesOf(content);
    const reading = asTold(contentFinding(path, content), running);
    // that it can be read goes without saying where it cannot be written
    const isWell = reading.state === "ok" && writing.length > 0;
    return { findings: isWell ? writing : [reading, ...writing], entries };
  }
  const unmade: Finding = { what: WHAT, state: "ok", text: `${path} is made with the first alias` };
  return { findings: why === undefined ? [asTold(unmade, running)] : writing, entries: [] };
}

/** What is well now may not have been so when the router looked: it has set a file aside, say. */
function asTold(finding: Finding, running: Running | undefined): Finding {
  const trouble = running?.store.trouble ?? undefined;
  if (trouble === undefined || finding.state !== "ok") return finding;
  const remedy = "what is missing is there: mend it, and put it back";
  return { what: WHAT, state: "warn", text: `${running?.store.path}: ${trouble}`, remedy };
}

/** `isOther`: a router runs, maybe as a user who may do more. */
function closedFinding(path: string, why: string, isOther: boolean): Finding {
  const text = `${path}: ${why}`;
  const isDenied = /^(permission denied|its folder cannot be written)/.test(why);
  const remedy = `${isDenied ? "let the user that runs mellamo read and write it, and its folder (chown, chmod)" : (REMEDIES[why] ?? "move it away")}, ${ELSEWHERE}`;
  if (!isOther || !isDenied) return { what: WHAT, state: "fault", text, remedy };
  return { what: WHAT, state: "warn", text, remedy: "run mellamo doctor as the user that runs mellamo" };
}

const REMEDIES: Readonly<Record<string, string>> = {
  "it is read-only": "allow to write it (chmod u+w)",
  "the disk is read-only": "mount it for writing",
  "it is a folder": "move the folder away",
};

function contentFinding(path: string, content: Document | Unreadable): Finding {
  if ("unreadable" in content) return unreadableFinding(path, content);
  const lost = unreadableEntries(content);
  const text = `${path} (aliases: ${entriesOf(content).length})`;
  if (lost === 0) return { what: WHAT, state: "ok", text };
  const remedy = "correct them, or take them out: they have no effect";
  return { what: WHAT, state: "warn", text: `${text}: entries that cannot be read: ${lost}`, remedy };
}

function contentOf(bytes: Uint8Array): Document | Unreadable {
  try {
    return parseDocument(utf8(bytes));
  } catch (failure) {
    return { unreadable: fileTrouble(failure), isForeign: false };
  }
}

/** What is foreign is left untouched: it is a newer version's, or somebody else's. */
function unreadableFinding(path: string, { unreadable, isForeign }: Unreadable): Finding {
  const remedy = isForeign
    ? `put a mellamo there that knows it, ${ELSEWHERE}: until then no aliases can be made`
    : `mend it, ${ELSEWHERE}: the router that starts next sets it aside as ${path}.broken-…`;
  return { what: WHAT, state: "fault", text: `${path}: ${unreadable}`, remedy };
}
