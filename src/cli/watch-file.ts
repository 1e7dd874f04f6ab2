/** Watches a file by polling: that works on every disk, and whichever way the file is replaced. */

import { unwatchFile, watchFile } from "node:fs";

import { codeOf } from "../domain/failure.ts";
import { readText } from "../store/read-file.ts";

const POLL_MS = 200;

/** A file that is being written may look whole: it is believed when it is the same twice, this far apart. */
const SETTLE_MS = 250;

/** Calls `changed` after each change of what the file holds, once that has settled, until the returned function is called. */
export function watchContent(path: string, changed: () => void): () => void {
  let changes = 0;
  let settling = false;

  async function settle(): Promise<void> {
    changes++;
    if (settling) return;
    settling = true;
    let known = -1;
    let content = await contentOf(path);
    while (known !== changes) {
      known = changes;
      await Bun.sleep(SETTLE_MS);
      const again = await contentOf(path);
      if (again !== content) changes++;
      content = again;
    }
    settling = false;
    changed();
  }

  const listener = (): void => void settle();
  watchFile(path, { interval: POLL_MS }, listener).unref();
  return () => unwatchFile(path, listener);
}

/** The content, or why there is none, in a form that can be compared. */
async function contentOf(path: string): Promise<string> {
  try {
    return `text ${await readText(path)}`;
  } catch (failure) {
    return `trouble ${codeOf(failure)}`;
  }
}
