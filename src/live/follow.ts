/** Follows what is on the disk while the router runs: the configuration file, and the file of the alias store. */

import { watchContent } from "../files/watch-file.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Live } from "./live.ts";

/** What is saved there is in force a moment later, and after a SIGHUP at once. Ends with the returned function. */
export function follow(live: Live, store: AliasStore): () => void {
  const { snapshot } = live;
  let file = snapshot.file;
  let unwatchConfig = watch(file);
  const unwatchStore = watchContent(store.place, undefined, () => void store.load());

  function watch(path: string | undefined): () => void {
    return path === undefined ? () => {} : watchContent(path, live.text, () => void live.reload());
  }

  live.subscribe(() => {
    if (live.snapshot.file === file) return;
    unwatchConfig();
    ({ file } = live.snapshot);
    unwatchConfig = watch(file);
  });
  const reload = (): void => void live.reload("allowed");
  process.on("SIGHUP", reload);
  return () => {
    // without any listener it would kill a process that is about to end by itself
    process.on("SIGHUP", () => {});
    process.off("SIGHUP", reload);
    unwatchConfig();
    unwatchStore();
  };
}
