/** Asks every backend once, for the commands that look at the world as the router would see it. */

import type { Config } from "../config/config.ts";
import { type Book, bookOf } from "../domain/book.ts";
import { type Entry, storedAlias } from "../domain/entry.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";
import { Looks } from "../fleet/looks.ts";
import { systemTraffic } from "../traffic/traffic.ts";

/** What is configured, what is stored, and what the backends were seen to have. */
export interface Around {
  readonly config: Config;
  readonly entries: readonly Entry[];
  readonly book: Book;
  readonly fleet: Fleet;
}

/** Resolves when each backend has answered, or has not for as long as a probe may take. Never rejects. */
export async function lookAround(config: Config, entries: readonly Entry[]): Promise<Around> {
  const backends = config.backends.map((settings) => new Backend(settings));
  const traffic = systemTraffic();
  const looks = new Looks(Date.now, traffic);
  const fleet = new Fleet(backends, config, looks, traffic, Date.now);
  await Promise.all(backends.map((backend) => looks.refresh(backend)));
  looks.stop();
  return { config, entries, book: bookOf(config.aliases, entries.map(storedAlias)), fleet };
}
