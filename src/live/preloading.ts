/** Keeps in the memory of backends what the configuration in force wants there. */

import type { Looks } from "../fleet/looks.ts";
import { Preloads } from "../fleet/preloads.ts";
import type { Snapshot } from "../http/snapshot.ts";
import { wishOf } from "../http/wish.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { tellPreload } from "./news.ts";

export function preloadsUnder(current: () => Snapshot, looks: Looks, traffic: Traffic): Preloads {
  return new Preloads({
    looks,
    traffic,
    isInUse: (backend) => current().fleet.backends.includes(backend),
    wishOf: (name, backend) => wishOf(name, backend, current()),
    watcher: (backend, preload) => tellPreload(backend, preload, current().log),
  });
}
