/** What the log tells of backends, and of the alias store. */

import type { Breaker } from "../domain/breaker.ts";
import type { Backend } from "../fleet/backend.ts";
import type { Preload } from "../fleet/course.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Log } from "../telemetry/log.ts";

/** It is in another condition than before. A presumed backend that is not there is no news. */
export function tellCondition({ name, settings, engine, stock, reached }: Backend, log: Log): void {
  const known = { backend: name, url: settings.origin, engine: engine?.name };
  if (stock.up) log.info("backend up", { ...known, version: stock.version, models: stock.models.length });
  else if (reached || !settings.presumed) log.warn("backend down", { ...known, why: stock.trouble });
}

/** Its breaker has opened or closed. Of one that is down that is told already. */
export function tellBreaker({ name, stock }: Backend, breaker: Breaker, nowMs: number, log: Log): void {
  const { untilMs, failures } = breaker;
  if (!stock.up) return;
  if (untilMs === undefined) log.info("breaker closed", { backend: name });
  else if (untilMs > nowMs)
    log.warn("breaker open", { backend: name, failures, pause_ms: Math.round(untilMs - nowMs) });
}

/** A model is in memory as its owner wants it, or cannot be. */
export function tellPreload({ name }: Backend, { name: model, condition, why }: Preload, log: Log): void {
  const known = { backend: name, model };
  if (condition === "loaded" && why === "") log.info("preloaded", known);
  else log.warn("not preloaded", { ...known, why });
}

/** Something is wrong with what is kept there, or no longer. What was in force before goes on. */
export function tellStore(
  { place: path, trouble: why, entries: { length: aliases } }: AliasStore,
  log: Log,
): void {
  if (why === undefined) log.info("alias store", { path, aliases });
  else if (aliases > 0) log.error("alias store", { path, why, aliases });
  else log.error("alias store", { path, why, hint: "serving without stored aliases" });
}
