/** Makes the backend of new settings, which takes over what is known of the one it follows. */

import type { BackendSettings } from "../config/config.ts";
import { Backend } from "./backend.ts";
import { offered } from "./scan.ts";

/** What was last seen holds until the new one is looked at: a change of its priority takes no engine out of service. */
export function successor(settings: BackendSettings, before: Backend | undefined): Backend {
  const backend = new Backend(settings);
  if (before?.settings.origin !== settings.origin || before.settings.engine !== settings.engine)
    return backend;
  backend.engine = before.engine;
  backend.unsure = before.unsure;
  backend.router = before.router;
  backend.reached = before.reached;
  backend.stock = { ...before.stock, models: offered(backend, before.stock.models) };
  return backend;
}
