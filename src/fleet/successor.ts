/** Finds or makes the backends of another configuration, so that nothing is forgotten of the engines that stay. */

import type { BackendSettings } from "../config/config.ts";
import { Backend } from "./backend.ts";
import { offered } from "./scan.ts";

/** The backend with these settings; where they are new, a new one that takes over what is known of its engine. */
export function backendOf(settings: BackendSettings, before: readonly Backend[]): Backend {
  const same = before.find((backend) => Bun.deepEquals(backend.settings, settings));
  if (same !== undefined) return same;
  return successor(settings, counterpart(settings, before));
}

/** The one of the backends that stands for the same engine; of several, the one of the same name. */
export function counterpart(
  { origin, name }: Pick<BackendSettings, "origin" | "name">,
  backends: readonly Backend[],
): Backend | undefined {
  const there = backends.filter(({ settings }) => settings.origin === origin);
  return there.find((backend) => backend.name === name) ?? there[0];
}

/** What was last seen holds until the new one is looked at: a change of its priority takes no engine out of service. */
function successor(settings: BackendSettings, before: Backend | undefined): Backend {
  const isSame = before?.name === settings.name && before.settings.origin === settings.origin;
  const backend = new Backend(settings, isSame ? before.duty : undefined);
  const isSameEngine = settings.engine === undefined || settings.engine === before?.engine?.name;
  if (before === undefined || !isSameEngine) return backend;
  backend.engine = before.engine;
  // what its owner called it need not be what it is
  if (before.settings.engine === settings.engine) backend.unsure = before.unsure;
  backend.router = before.router;
  backend.server = before.server;
  backend.reached = before.reached;
  backend.stock = { ...before.stock, models: offered(backend, before.stock.models) };
  return backend;
}
