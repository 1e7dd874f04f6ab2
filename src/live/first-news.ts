/** What the log tells once, after the first look at every backend: whether any is up, and which aliases lead nowhere. */

import type { Alias } from "../domain/alias.ts";
import { storedAlias } from "../domain/entry.ts";
import { hindranceOf, isHindered } from "../http/hindrance.ts";
import { leadsNowhere, obstaclesTo } from "../http/nowhere.ts";
import type { Snapshot } from "../http/snapshot.ts";

/** So many aliases are told with what is wrong with them; `mellamo check --live` tells all. */
const MOST_TOLD = 3;

/** Requests are served between so many aliases and the next: of ten thousand all together take a quarter of a second. */
const ALIASES_A_TURN = 100;

export async function tellFirstLooks(snapshot: Snapshot): Promise<void> {
  const isAnyUp = snapshot.fleet.backends.some(({ stock }) => stock.up);
  if (!isAnyUp) tellNone(snapshot);
  // where no backend is up no alias leads anywhere, and that is told
  await tellAliases(snapshot, (alias) =>
    isAnyUp ? leadsNowhere(alias, snapshot) : isHindered(hindranceOf(alias, snapshot)),
  );
}

/** Those of the configuration were told one by one when they were found down. */
function tellNone({ fleet: { backends }, log }: Snapshot): void {
  if (backends.some(({ settings }) => settings.presumed))
    log.warn("no engine answers yet", {
      looked_at: backends.map(({ settings }) => settings.origin).join(" "),
      hint: "still looking; to see how it works: mellamo demo",
    });
  else
    log.warn("no engine answers yet", {
      backends: backends.length,
      hint: "still looking; to see what is wrong: mellamo doctor",
    });
}

async function tellAliases(snapshot: Snapshot, isNowhere: (alias: Alias) => boolean): Promise<void> {
  const { config, store, log } = snapshot;
  const aliases = [...config.aliases, ...store.entries.map(storedAlias)];
  const nowhere: Alias[] = [];
  for (let at = 0; at < aliases.length; at += ALIASES_A_TURN) {
    if (at > 0) await Bun.sleep(0);
    nowhere.push(...aliases.slice(at, at + ALIASES_A_TURN).filter(isNowhere));
  }
  const known = { file: config.aliases.length, stored: store.entries.length, store: store.place };
  if (nowhere.length === 0) log.info("aliases", known);
  else {
    const why = nowhere
      .slice(0, MOST_TOLD)
      .map((alias) => `${alias.name}: ${obstaclesTo(alias, snapshot).join(", ")}`);
    log.warn("aliases", {
      ...known,
      nowhere: nowhere.length,
      why: why.join("; "),
      hint: nowhere.length > MOST_TOLD ? "mellamo check --live tells them all" : undefined,
    });
  }
}
