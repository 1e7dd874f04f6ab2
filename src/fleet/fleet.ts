/** All backends, and the looks that keep what is known of them fresh. */

import { keyOf } from "../domain/name.ts";
import type { IsModel } from "../domain/step.ts";
import type { Backend } from "./backend.ts";
import { BlobPlaces } from "./blobs.ts";
import { type Catalog, catalogOf, type Pins } from "./catalog.ts";
import { coalesce } from "./coalesce.ts";
import { scan } from "./scan.ts";

/** Between two looks at all backends for the sake of an unknown name, however many are asked. */
const RESCAN_SPACING_MS = 250;

/** How long a rescan waits for a backend that was down before it. */
const DOWN_PATIENCE_MS = 500;

/** A look that nobody waits for is left out if the last one is this young. */
const FRESH_MS = 1000;

/** Told after each look that found a backend in another condition than before. */
export type Watcher = (backend: Backend) => void;

export class Fleet {
  readonly backends: readonly Backend[];
  readonly pins: Pins;
  readonly blobs = new BlobPlaces();
  private readonly now: () => number;
  private readonly looks = new Map<Backend, () => Promise<void>>();
  private readonly timers = new Map<Backend, Timer>();
  private readonly listeners = new Set<() => void>();
  /** A look at all that has not begun yet. */
  private planned: Promise<void> | undefined;
  private allowedAtMs = 0;
  private readonly lastLookMs = new Map<Backend, number>();
  private current: Catalog | undefined;
  private stopped = false;

  constructor(backends: readonly Backend[], pins: Pins, now: () => number, watcher: Watcher = () => {}) {
    this.backends = backends;
    this.pins = pins;
    this.now = now;
    for (const backend of backends)
      this.looks.set(
        backend,
        coalesce(() => this.look(backend, watcher)),
      );
  }

  /** What is on offer, as of the last look at each backend. */
  get catalog(): Catalog {
    this.current ??= catalogOf(this.backends, this.pins);
    return this.current;
  }

  /** Whether a name is a model's, for whoever resolves it: a pinned one is, even before it was seen. */
  readonly isModel: IsModel = (name, backend) =>
    this.catalog.has(name, backend) || (backend === undefined && this.pins.has(keyOf(name)));

  /** Looks at all backends now, and from then on at each one's interval. Resolves after the first looks. */
  async start(): Promise<void> {
    await Promise.all(
      this.backends.map(async (backend) => {
        await this.refresh(backend);
        this.schedule(backend);
      }),
    );
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const backend of this.backends) {
      backend.dismissed.abort();
      backend.session.close();
    }
  }

  /** Looks at a backend; the look begins after this call. Never rejects. */
  refresh(backend: Backend): Promise<void> {
    return this.looks.get(backend)?.() ?? Promise.resolve();
  }

  /** Looks at a backend without anybody waiting, unless that has just been done. */
  refreshSoon(backend: Backend): void {
    if (this.now() - (this.lastLookMs.get(backend) ?? 0) > FRESH_MS) void this.refresh(backend);
  }

  /** Looks at all backends; resolves when that is done, or as soon as one look made it `enough`. */
  async rescan(enough: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = () => {
      if (enough()) resolve();
    };
    this.listeners.add(listener);
    await Promise.race([this.lookAtAll(), promise]);
    this.listeners.delete(listener);
  }

  /** Looks at all backends, which begins after this call; one that is slow does not hold up the next such look. */
  private lookAtAll(): Promise<void> {
    this.planned ??= this.lookAtAllLater();
    return this.planned;
  }

  private async lookAtAllLater(): Promise<void> {
    await Bun.sleep(Math.max(0, this.allowedAtMs - this.now()));
    this.planned = undefined;
    this.allowedAtMs = this.now() + RESCAN_SPACING_MS;
    await Promise.all(this.backends.map((backend) => this.lookIfPromising(backend)));
  }

  /** Nobody who mistyped a name waits long for a machine that is known to be switched off. */
  private async lookIfPromising(backend: Backend): Promise<void> {
    const isKnownDown = this.lastLookMs.has(backend) && !backend.stock.up;
    await Promise.race([this.refresh(backend), ...(isKnownDown ? [Bun.sleep(DOWN_PATIENCE_MS)] : [])]);
  }

  private async look(backend: Backend, watcher: Watcher): Promise<void> {
    const { up, trouble } = backend.stock;
    await scan(backend, this.now);
    this.lastLookMs.set(backend, this.now());
    this.current = undefined;
    if (this.stopped) return;
    if (up !== backend.stock.up || trouble !== backend.stock.trouble) watcher(backend);
    for (const listener of this.listeners) listener();
  }

  private schedule(backend: Backend): void {
    if (this.stopped) return;
    const again = async (): Promise<void> => {
      await this.refresh(backend);
      this.schedule(backend);
    };
    this.timers.set(backend, setTimeout(again, backend.settings.probeIntervalMs));
  }
}
