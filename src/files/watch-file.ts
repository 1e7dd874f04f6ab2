/** Watches a file by polling: that works on every disk, and whichever way the file is replaced. */

import { unwatchFile, watchFile } from "node:fs";

import { codeOf } from "../domain/failure.ts";
import { readText } from "./read-file.ts";

const POLL_MS = 200;

/** A file that is being written may look whole: it is believed when it is the same twice, this far apart. */
const SETTLE_MS = 250;

/** Calls `changed` once soon, and after each change of the file, finished or not, until the returned function is called. */
export function watchChanges(path: string, changed: () => void): () => void {
  const listener = (): void => changed();
  watchFile(path, { interval: POLL_MS }, listener).unref();
  const first = setTimeout(changed, POLL_MS).unref();
  return () => {
    clearTimeout(first);
    unwatchFile(path, listener);
  };
}

/**
 * Calls `changed` after each change of what the file holds, once that has settled, until the returned function is
 * called. `known` is what it held when it was read last, if it was there: it may have changed before the first poll.
 */
export function watchContent(path: string, known: string | undefined, changed: () => void): () => void {
  let changes = 0;
  let settling = false;
  let ended = false;

  async function settle(): Promise<void> {
    changes++;
    if (settling) return;
    settling = true;
    let seen = -1;
    let content = await contentOf(path);
    while (seen !== changes) {
      seen = changes;
      await Bun.sleep(SETTLE_MS);
      const again = await contentOf(path);
      if (again !== content) changes++;
      content = again;
    }
    settling = false;
    if (!ended) changed();
  }

  let isFirst = true;
  const unwatch = watchChanges(path, async () => {
    const isKnown = isFirst && known !== undefined && (await contentOf(path)) === textContent(known);
    isFirst = false;
    if (!isKnown) await settle();
  });
  return () => {
    ended = true;
    unwatch();
  };
}

function textContent(text: string): string {
  return `text ${text}`;
}

/** The content, or why there is none, in a form that can be compared. */
async function contentOf(path: string): Promise<string> {
  try {
    return textContent(await readText(path));
  } catch (failure) {
    return `trouble ${codeOf(failure)}`;
  }
}
