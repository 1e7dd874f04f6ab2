/** All that a request runs under: read-only, and the same from its first byte to its last. */

import type { Changes } from "../config/changes.ts";
import type { Config } from "../config/config.ts";
import type { Refusal } from "../config/load.ts";
import type { Book } from "../domain/book.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Preloads } from "../fleet/preloads.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Log } from "../telemetry/log.ts";
import type { Origins } from "./origin.ts";

export interface Snapshot {
  readonly config: Config;
  readonly book: Book;
  readonly fleet: Fleet;
  readonly log: Log;
  /** The web pages that may call. */
  readonly origins: Origins;
  readonly started: Date;
  /** When the configuration was read. */
  readonly loadedAt: Date;
  /** Where the configuration was read; undefined where there is no file. */
  readonly file: string | undefined;
  readonly store: AliasStore;
  /** What is kept in the memory of backends. */
  readonly preloads: Preloads;
  readonly reloads: Reloads;
}

/** How the configuration is replaced while the router runs. */
export interface Reloads {
  /** What is in force by now, for whoever has changed it within a request. */
  readonly snapshot: Snapshot;
  /** Why what is on the disk is not what is in force, a line each. */
  readonly troubles: readonly string[];
  /** Settings of the file that wait for a restart, dotted. */
  readonly waiting: readonly string[];
  /** Reads the file, and puts it in force if it has no mistakes. */
  reload(): Promise<Reloaded>;
}

export type Reloaded =
  | {
      readonly kind: "reloaded";
      readonly file: string | undefined;
      readonly changes: Changes;
      readonly waiting: readonly string[];
    }
  /** All is as it was. */
  | Refusal;
