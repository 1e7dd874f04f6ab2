/** Looks for engines: on the usual ports of this machine, and where a user says that there are some. */

import type { BackendSettings } from "../../config/config.ts";
import { isLoopback } from "../../config/listen.ts";
import type { Backend } from "../../fleet/backend.ts";
import { complain } from "../command.ts";
import { configOver } from "../config-over.ts";
import { noneFoundText, seenText } from "../live-notes.ts";
import { lookAround } from "../look-around.ts";

export interface Found {
  /** Those that a configuration should have: what answers like an engine, and all that were named. */
  readonly backends: readonly Backend[];
  /** The URLs that were asked. */
  readonly looked: readonly string[];
}

/** Tells the user what is found, a line each. `urls` are origins. */
export async function lookForEngines(urls: readonly string[]): Promise<Found> {
  const usual = configOver([]);
  const named = urls.length === 0 ? [] : configOver(urls).backends;
  const others = usual.backends.filter((one) => !named.some((other) => isSamePlace(one, other)));
  const { fleet } = await lookAround({ ...usual, backends: [...others, ...named] }, []);
  const backends = fleet.backends.filter(isWanted);
  for (const backend of fleet.backends) tell(backend);
  const looked = fleet.backends.map(({ settings }) => settings.origin);
  if (backends.length === 0) complain(noneFoundText(fleet.backends));
  return { backends, looked };
}

/** This machine has several names for itself. */
function isSamePlace(one: BackendSettings, other: BackendSettings): boolean {
  const [a, b] = [new URL(one.origin), new URL(other.origin)];
  return a.port === b.port && [a, b].every(({ hostname }) => isLoopback(hostname.replace(/^\[|\]$/g, "")));
}

/** A router on a usual port stands in front of the engines that are found beside it. */
function isWanted({ settings, engine, stock, router }: Backend): boolean {
  if (!settings.presumed) return true;
  return router === undefined && (stock.up || (stock.starting && engine !== undefined));
}

function tell(backend: Backend): void {
  const { settings, stock, router, engine } = backend;
  const { origin, presumed } = settings;
  if (presumed && router !== undefined) complain(`found a mellamo at ${origin}, which is left out`);
  else if (stock.up) complain(`found ${seenText(backend)}`);
  else if (presumed && isWanted(backend))
    complain(`found ${engine?.title} at ${origin}, which is still loading`);
  else if (!presumed) complain(`warning: ${origin}: ${stock.trouble} (it is written all the same)`);
}
