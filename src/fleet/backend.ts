/** One engine at one URL: its connections, what it was last seen to have, and what it is doing. */

import type { BackendSettings } from "../config/config.ts";
import { keyOf } from "../domain/name.ts";
import { engineNamed } from "../engines/detect.ts";
import type { Engine, Listing } from "../engines/engine.ts";
import type { Model } from "../engines/model.ts";

/** A model as the fleet knows it. */
export interface StockedModel extends Model {
  readonly key: string;
  /** When this backend first showed it, in milliseconds since 1970. */
  readonly seenAtMs: number;
}

/** What the last look at a backend found. A backend that is down keeps the models it had. */
export interface Stock {
  readonly up: boolean;
  /** Why it is not up; "" while it is. */
  readonly trouble: string;
  readonly models: readonly StockedModel[];
  readonly version: string | undefined;
}

/** How long it is believed that a backend lacks a path. */
const LACK_MS = 60_000;

/** Why these backends are not up, for whoever asked for them. */
export function troublesOf(backends: readonly Backend[]): string {
  return [...new Set(backends.map(({ name, stock }) => `${name}: ${stock.trouble}`))].join("; ");
}

export class Backend {
  readonly settings: BackendSettings;
  /** A pool of its own; the proxy variables of the environment are meant for other programs. */
  readonly session = new Bun.FetchSession({ proxy: false });
  /** Aborts when nobody wants to know any more what it has. */
  readonly dismissed = new AbortController();
  /** Undefined until it is known; of one that is down, what it was. */
  engine: Engine | undefined;
  /** Whether the engine is still to be found out: something else may have come up where a lost one was. */
  unsure: boolean;
  stock: Stock = { up: false, trouble: "not asked yet", models: [], version: undefined };
  /** The name in `Via` headers of a backend that is a router, too. */
  router: string | undefined;
  /** Whether it has ever shown its models. */
  reached = false;
  /** Requests it is serving. */
  inflight = 0;
  /** Grows with every request to any backend: this one's is as of its last. */
  lastTurn = 0;
  /** Paths of its engine that this one said not to have, and until when that is believed, in milliseconds since 1970. */
  private readonly lacking = new Map<string, number>();

  constructor(settings: BackendSettings) {
    this.settings = settings;
    this.engine = settings.engine && engineNamed(settings.engine);
    this.unsure = settings.engine === undefined;
  }

  get name(): string {
    return this.settings.name;
  }

  serves(path: string): boolean {
    if (this.engine === undefined || !this.engine.serves.has(path)) return false;
    const untilMs = this.lacking.get(path);
    return untilMs === undefined || untilMs < Date.now();
  }

  /** Takes note that it said not to have a path of its engine. It may get it by an update that nobody tells of. */
  lacks(path: string): void {
    this.lacking.set(path, Date.now() + LACK_MS);
  }

  /** Takes in what it has now; models that it had before keep the time they were first seen. */
  restock({ models, version: told, busy = false }: Listing, nowMs: number): void {
    const version = busy ? (told ?? this.stock.version) : told;
    // another version, or one that was restarted, may have more paths
    if (!this.stock.up || version !== this.stock.version) this.lacking.clear();
    const before = new Map(this.stock.models.map((model) => [model.id, model]));
    const stocked = models.map((model) => {
      const known = before.get(model.id);
      const memory = busy && known !== undefined ? { loaded: known.loaded, psRow: known.psRow } : {};
      return { ...model, ...memory, key: keyOf(model.id), seenAtMs: known?.seenAtMs ?? nowMs };
    });
    this.stock = { up: true, trouble: "", models: stocked, version };
    this.reached = true;
  }

  /** Notes that it cannot be used. */
  lose(trouble: string): void {
    this.stock = { ...this.stock, up: false, trouble };
    this.unsure = this.settings.engine === undefined;
  }
}
