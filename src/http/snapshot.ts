/** All that a request runs under: read-only, and the same from its first byte to its last. */

import type { Config } from "../config/config.ts";
import type { Book } from "../domain/book.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Log } from "../telemetry/log.ts";

export interface Snapshot {
  readonly config: Config;
  readonly book: Book;
  readonly fleet: Fleet;
  readonly log: Log;
  readonly started: Date;
  /** Where the configuration was read; undefined where there is no file. */
  readonly file: string | undefined;
}
