/** One engine at one URL: its connections, what it was last seen to have, and what it is doing. */

import type { BackendSettings } from "../config/config.ts";
import { keyOf } from "../domain/name.ts";
import { engineNamed } from "../engines/detect.ts";
import type { Engine, Listing } from "../engines/engine.ts";
import type { Model } from "../engines/model.ts";
import { Duty, type Limits } from "../traffic/duty.ts";
import { dial, type Dialed } from "./dial.ts";

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
  /** It answers, but is still loading the one model that it has: whoever asks for that may wait. */
  readonly starting: boolean;
}

/** How long it is believed that a backend lacks a path. */
const LACK_MS = 60_000;

/** How long a dial speaks for those who ask after it. */
const DIAL_MS = 250;

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
  stock: Stock = { up: false, trouble: "not asked yet", models: [], version: undefined, starting: false };
  /** What its engine says that it is, in the headers of its lists. */
  server: string | undefined;
  /** The name in `Via` headers of a backend that is a router, too. */
  router: string | undefined;
  /** How often it has come up after it was down. */
  returns = 0;
  /** Whether it has ever shown its models. */
  reached = false;
  /** What it is doing. A backend with other settings for the same engine goes on with it. */
  readonly duty: Duty;
  /** Calls that use its connections. */
  calls = 0;
  /** The last time that it was found out whether its machine is there. */
  private lastDial: { readonly atMs: number; readonly dialed: Promise<Dialed> } | undefined;
  /** Paths of its engine that this one said not to have, and until when that is believed, in milliseconds since 1970. */
  private readonly lacking = new Map<string, number>();

  constructor(settings: BackendSettings, duty = new Duty()) {
    this.settings = settings;
    this.duty = duty;
    this.engine = settings.engine && engineNamed(settings.engine);
    this.unsure = settings.engine === undefined;
  }

  get name(): string {
    return this.settings.name;
  }

  get limits(): Limits {
    return this.settings.limits;
  }

  get weight(): number {
    return this.settings.weight;
  }

  serves(path: string): boolean {
    if (this.engine === undefined || !this.engine.serves.has(path)) return false;
    const untilMs = this.lacking.size === 0 ? undefined : this.lacking.get(path);
    return untilMs === undefined || untilMs < Date.now();
  }

  /** Whether its machine is there; many who ask at a time share the answer. */
  dial(withinMs: number): Promise<Dialed> {
    const nowMs = performance.now();
    if (this.lastDial === undefined || nowMs - this.lastDial.atMs > DIAL_MS)
      this.lastDial = { atMs: nowMs, dialed: dial(this.settings.origin, withinMs) };
    return this.lastDial.dialed;
  }

  /** Takes note that it said not to have a path of its engine. It may get it by an update that nobody tells of. */
  lacks(path: string): void {
    this.lacking.set(path, Date.now() + LACK_MS);
  }

  /** Takes in what it has now; models that it had before keep the time they were first seen. */
  restock({ models, version: told, busy = false }: Listing, nowMs: number): void {
    if (!this.stock.up) this.returns++;
    const version = busy ? (told ?? this.stock.version) : told;
    // another version, or one that was restarted, may have more paths
    if (!this.stock.up || version !== this.stock.version) this.lacking.clear();
    const before = new Map(this.stock.models.map((model) => [model.id, model]));
    const stocked = models.map((model) => {
      const known = before.get(model.id);
      const memory = busy && known !== undefined ? { loaded: known.loaded, psRow: known.psRow } : {};
      return { ...model, ...memory, key: keyOf(model.id), seenAtMs: known?.seenAtMs ?? nowMs };
    });
    this.stock = { up: true, trouble: "", models: stocked, version, starting: false };
    this.reached = true;
  }

  /** Notes that it cannot be used, or not yet. */
  lose(trouble: string, starting = false): void {
    this.stock = { ...this.stock, up: false, trouble, starting };
    this.unsure = this.settings.engine === undefined && !starting;
  }
}
