/** What the router runs under now, and how that changes: by reloads of the configuration, and by the alias store. */

import { changesBetween, changesText, fixedChanges } from "../config/changes.ts";
import type { Config } from "../config/config.ts";
import { type Loaded, type Reading, type Refusal, refusalLines } from "../config/load.ts";
import { type Book, bookOf } from "../domain/book.ts";
import { storedAlias } from "../domain/entry.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";
import { Looks } from "../fleet/looks.ts";
import { backendsOf, counterpart } from "../fleet/successor.ts";
import { originsOf } from "../http/origin.ts";
import type { Reloaded, Reloads, Snapshot } from "../http/snapshot.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Log } from "../telemetry/log.ts";
import { systemTraffic, type Traffic } from "../traffic/traffic.ts";
import { tellBreaker, tellCondition, tellStore } from "./news.ts";
import { preloadsUnder } from "./preloading.ts";

/** Lists should tell the truth from the first request on, but no silent backend may hold up a start or a reload. */
const FIRST_LOOK_MS = 250;

/** Where a configuration comes from, and what is made of it. */
export interface Sources {
  /** Reads the configuration anew: the file that is in force or, where there is none, the one that is found. */
  readonly read: (file: string | undefined) => Promise<Reading>;
  readonly logOf: (config: Config) => Log;
  readonly store: AliasStore;
  /** Requests to engines at a time, so that looks are never behind them. */
  readonly maxInflight: number;
}

/** What becomes of an empty file. */
type Emptiness = "refused" | "allowed";

export class Live implements Reloads {
  troubles: readonly string[] = [];
  waiting: readonly string[] = [];
  snapshot: Snapshot;
  /** Of the configuration that is in force. */
  text: string;
  /** Resolves when each backend was looked at once. */
  readonly looked: Promise<unknown>;
  private readonly traffic: Traffic;
  private readonly looks: Looks;
  private readonly sources: Sources;
  private readonly listeners = new Set<() => void>();
  private storeTrouble: string | undefined;
  /** Reloads take turns. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly planned = new Map<Emptiness, Promise<Reloaded>>();

  constructor({ config, file, text }: Loaded, sources: Sources) {
    const { store } = sources;
    const backends = config.backends.map((settings) => new Backend(settings));
    const now = new Date();
    this.sources = sources;
    this.traffic = systemTraffic({
      maxInflight: sources.maxInflight,
      watcher: (party, breaker) => {
        const { fleet, log } = this.snapshot;
        const backend = fleet.backends.find(({ duty }) => duty === party.duty);
        if (backend !== undefined) tellBreaker(backend, breaker, this.traffic.clock.now(), log);
      },
      onResumed: (name) => this.snapshot.log.info("backend resumed", { backend: name }),
    });
    this.looks = new Looks(Date.now, this.traffic, (backend) => tellCondition(backend, this.snapshot.log));
    this.text = text;
    this.snapshot = {
      config,
      book: bookWith(config, store),
      fleet: new Fleet(backends, config, this.looks, this.traffic, Date.now),
      log: sources.logOf(config),
      origins: originsOf(config.server.origins),
      started: now,
      loadedAt: now,
      file,
      store,
      preloads: preloadsUnder(() => this.snapshot, this.looks, this.traffic),
      reloads: this,
    };
    store.subscribe(() => this.takeStore());
    this.tellStoreTrouble();
    this.looked = Promise.all(backends.map((backend) => this.looks.begin(backend)));
  }

  /** Resolves when most of what can be known at once is known. */
  async ready(): Promise<void> {
    await Promise.race([this.looked, Bun.sleep(FIRST_LOOK_MS)]);
  }

  /**
   * An empty file is refused unless `empty` lets it in: whoever saves in place empties the file first. A reload that has
   * not begun yet will do for all who ask until then.
   */
  reload(empty: Emptiness = "refused"): Promise<Reloaded> {
    const planned = this.planned.get(empty);
    if (planned !== undefined) return planned;
    const done = this.turn.then(async () => {
      this.planned.delete(empty);
      return this.take(await this.sources.read(this.snapshot.file), empty);
    });
    this.planned.set(empty, done);
    this.turn = done.catch(() => {});
    return done;
  }

  /** Calls `listener` after each change of the configuration that is in force. */
  subscribe(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Ends the looks and the connections to the backends. */
  stop(): void {
    this.looks.stop();
  }

  private async take(reading: Reading, empty: Emptiness): Promise<Reloaded> {
    if (reading.kind === "refused") return this.refuse(reading);
    const isEmptied = isEmpty(reading.text) && !isEmpty(this.text) && reading.file !== undefined;
    if (isEmptied && empty === "refused")
      return this.refuse({
        kind: "refused",
        error: `${reading.file} is empty: only SIGHUP loads that`,
        mistakes: [],
      });
    const running = this.snapshot.config;
    const waiting = fixedChanges(running, reading.config);
    // what cannot change is shown as it is
    const { listen } = running.server;
    const config = {
      ...reading.config,
      server: { ...reading.config.server, listen },
      storePath: running.storePath,
    };
    const changes = changesBetween(running, config);
    await this.swap(config, reading.file);
    this.text = reading.text;
    this.troubles = [];
    this.waiting = waiting;
    for (const listener of this.listeners) listener();
    this.snapshot.log.info("configuration loaded", { config: reading.file, changed: changesText(changes) });
    if (waiting.length > 0) this.snapshot.log.warn("needs a restart", { settings: waiting.join(" ") });
    return { kind: "reloaded", file: reading.file, changes, waiting };
  }

  /** Takes note that the file on the disk is not what is in force. */
  private refuse(refusal: Refusal): Reloaded {
    this.troubles = refusalLines(refusal);
    for (const why of this.troubles) this.snapshot.log.error("configuration not loaded", { why });
    return refusal;
  }

  /** Puts a configuration in force. Backends that it leaves as they are stay, with all that is known of them. */
  private async swap(config: Config, file: string | undefined): Promise<void> {
    const before = this.snapshot.fleet;
    const backends = backendsOf(config.backends, before.backends, this.looks.parting());
    const fresh = backends.filter((backend) => !before.backends.includes(backend));
    const looked = Promise.all(fresh.map((backend) => this.looks.begin(backend)));
    await Promise.race([looked, Bun.sleep(FIRST_LOOK_MS)]);
    this.snapshot = {
      ...this.snapshot,
      config,
      file,
      book: bookWith(config, this.sources.store),
      fleet: new Fleet(backends, config, this.looks, this.traffic, Date.now, before.blobs),
      log: this.sources.logOf(config),
      origins: originsOf(config.server.origins),
      loadedAt: new Date(),
    };
    const parted = before.backends.filter((one) => !backends.includes(one));
    for (const backend of parted) this.looks.dismiss(backend, counterpart(backend.settings, backends));
    this.snapshot.preloads.follow(backends, parted);
    // whoever waits may have got another backend to wait for
    this.traffic.queue.serve();
  }

  private takeStore(): void {
    const { config, store } = this.snapshot;
    this.snapshot = { ...this.snapshot, book: bookWith(config, store) };
    this.traffic.queue.serve();
    this.tellStoreTrouble();
  }

  private tellStoreTrouble(): void {
    const { store, log } = this.snapshot;
    if (store.trouble === this.storeTrouble) return;
    this.storeTrouble = store.trouble;
    tellStore(store, log);
  }
}

function bookWith({ aliases }: Config, { entries }: AliasStore): Book {
  return bookOf(aliases, entries.map(storedAlias));
}

function isEmpty(text: string): boolean {
  return text.trim() === "";
}
