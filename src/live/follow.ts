/** Follows what is on the disk while the router runs: the configuration file, and the file of the alias store. */

import { watchChanges, watchContent } from "../files/watch-file.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Live } from "./live.ts";

/** What is saved there is in force a moment later, and after a SIGHUP at once. Ends with the returned function. */
export function follow(live: Live, store: AliasStore): () => void {
  const { snapshot } = live;
  let file = snapshot.file;
  let unwatchConfig = watch(file);
  const unfollowStore = followStore(store);

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
    unfollowStore();
  };
}

/** A path that leads elsewhere and back between two polls is no change to them, but to a save in between it was one. */
const AGAIN_MS = 1000;

/** A file that is half written is no JSON, and so never believed: there is no need to wait until it settles. */
function followStore(store: AliasStore): () => void {
  const load = (): void => void store.load();
  const unwatch = watchChanges(store.place, load);
  let again: Timer | undefined;
  const unsubscribe = store.subscribe(() => {
    clearTimeout(again);
    again = setTimeout(load, AGAIN_MS).unref();
  });
  return () => {
    unwatch();
    unsubscribe();
    clearTimeout(again);
  };
}
