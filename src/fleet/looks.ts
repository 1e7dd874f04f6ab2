/** The looks that keep what is known of backends fresh: one at a time at each, and again at its interval. */

import type { Traffic } from "../traffic/traffic.ts";
import type { Backend } from "./backend.ts";
import { coalesce } from "./coalesce.ts";
import { scan } from "./scan.ts";

/** A look that nobody waits for is left out if the last one is this young. */
const FRESH_MS = 1000;

/** How long requests of the time before may still want a backend that was dismissed. */
const PARTING_MS = 60_000;

/** Told after each look that found a backend in another condition than before. */
export type Watcher = (backend: Backend) => void;

/** Backends outlive configurations, and so do the looks at them. */
export class Looks {
  /** Grows with every look. */
  count = 0;
  private readonly now: () => number;
  private readonly traffic: Traffic;
  private readonly watcher: Watcher;
  private readonly looks = new Map<Backend, () => Promise<void>>();
  /** Those that are looked at again and again. */
  private readonly watched = new Set<Backend>();
  private readonly timers = new Map<Backend, Timer>();
  private readonly listeners = new Set<(backend: Backend) => void>();
  private readonly lastLookMs = new WeakMap<Backend, number>();
  /** Those that stand for the engines of backends that were dismissed. */
  private readonly heirs = new WeakMap<Backend, Backend>();
  private stopped = false;

  constructor(now: () => number, traffic: Traffic, watcher: Watcher = () => {}) {
    this.now = now;
    this.traffic = traffic;
    this.watcher = watcher;
  }

  /** Looks at a backend now, and from then on at its interval. Resolves after the first look. */
  async begin(backend: Backend): Promise<void> {
    this.watched.add(backend);
    await this.refresh(backend);
    this.schedule(backend);
  }

  /**
   * Looks at a backend, unless that has been parted from; the look begins after this call. Whoever refreshes one that
   * was dismissed has done something to its engine, or wants to know of it: its heir is looked at as well. Never rejects.
   */
  async refresh(backend: Backend): Promise<void> {
    const heir = this.heirs.get(backend);
    await Promise.all([this.refreshAlone(backend), heir && this.refresh(heir)]);
  }

  private async refreshAlone(backend: Backend): Promise<void> {
    if (this.stopped || backend.dismissed.signal.aborted) return;
    const look = this.looks.get(backend) ?? coalesce(() => this.look(backend));
    this.looks.set(backend, look);
    await look();
  }

  /** Looks at a backend without anybody waiting, unless that has just been done. */
  refreshSoon(backend: Backend): void {
    if (this.now() - (this.lastLookMs.get(backend) ?? 0) > FRESH_MS) void this.refresh(backend);
  }

  /** Whether it was looked at, and found down. */
  isKnownDown(backend: Backend): boolean {
    return this.lastLookMs.has(backend) && !backend.stock.up;
  }

  /** Calls `listener` after every look, until the returned function is called. */
  subscribe(listener: (backend: Backend) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Lets go of a backend: no more looks at intervals, and its connections end once nobody uses them any more. */
  dismiss(backend: Backend, heir?: Backend): void {
    this.unwatch(backend);
    if (heir !== undefined) this.heirs.set(backend, heir);
    const part = (): void => {
      if (backend.calls > 0) setTimeout(part, PARTING_MS).unref();
      else this.end(backend);
    };
    setTimeout(part, PARTING_MS).unref();
  }

  /** Those that were dismissed, and may still be wanted. */
  parting(): Backend[] {
    return [...this.looks.keys()].filter((backend) => !this.watched.has(backend));
  }

  /** Ends all looks and connections. */
  stop(): void {
    this.stopped = true;
    for (const backend of this.looks.keys()) this.end(backend);
  }

  private unwatch(backend: Backend): void {
    this.watched.delete(backend);
    clearTimeout(this.timers.get(backend));
    this.timers.delete(backend);
  }

  private end(backend: Backend): void {
    this.unwatch(backend);
    this.looks.delete(backend);
    backend.dismissed.abort();
    backend.session.close();
  }

  private async look(backend: Backend): Promise<void> {
    const { up, trouble } = backend.stock;
    await scan(backend, this.now);
    this.lastLookMs.set(backend, this.now());
    this.count++;
    if (this.stopped) return;
    // one that is starting is there again
    if (!backend.dismissed.signal.aborted)
      this.traffic.probed(backend, backend.stock.up || backend.stock.starting);
    const isNews = up !== backend.stock.up || trouble !== backend.stock.trouble;
    if (isNews && this.watched.has(backend)) this.watcher(backend);
    for (const listener of this.listeners) listener(backend);
    this.traffic.queue.serve();
  }

  private schedule(backend: Backend): void {
    if (this.stopped || !this.watched.has(backend)) return;
    const again = async (): Promise<void> => {
      await this.refresh(backend);
      this.schedule(backend);
    };
    this.timers.set(backend, setTimeout(again, backend.settings.probeIntervalMs));
  }
}
