/** The aliases as they can be seen without any backend. */

import type { Config } from "../config/config.ts";
import { bookOf } from "../domain/book.ts";
import { storedAlias } from "../domain/entry.ts";
import { Fleet } from "../fleet/fleet.ts";
import { Looks } from "../fleet/looks.ts";
import { type AliasRow, aliasRows } from "../http/alias-rows.ts";
import type { AliasStore } from "../store/alias-store.ts";
import { systemTraffic } from "../traffic/traffic.ts";

/** Which models there are is not known then, but for those that are pinned: nothing is said to be missing. */
export function offlineRows(config: Config, store: AliasStore): AliasRow[] {
  const traffic = systemTraffic();
  const fleet = new Fleet([], config, new Looks(Date.now, traffic), traffic, Date.now);
  const book = bookOf(config.aliases, store.entries.map(storedAlias));
  return aliasRows({ config, store, book, fleet }).map(({ missing: _, ...row }) => row);
}
