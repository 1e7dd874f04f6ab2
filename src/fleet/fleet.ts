/** The backends of one configuration, and what they have together. */

import type { Config } from "../config/config.ts";
import { keyOf } from "../domain/name.ts";
import type { IsModel } from "../domain/step.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { Backend } from "./backend.ts";
import { BlobPlaces } from "./blobs.ts";
import { type Catalog, catalogOf, type IsOpen, type Pins } from "./catalog.ts";
import type { Looks } from "./looks.ts";

/** Between two looks at all backends for the sake of an unknown name, however many are asked. */
const RESCAN_SPACING_MS = 250;

/** How long a rescan waits for a backend that was down before it. */
const DOWN_PATIENCE_MS = 500;

/** What the configuration says of models. */
export type ModelRules = Pick<Config, "pins" | "models" | "listing">;

export class Fleet {
  readonly backends: readonly Backend[];
  readonly pins: Pins;
  /** Outlives configurations: whoever uploaded a blob may use it a reload later. */
  readonly blobs: BlobPlaces;
  readonly looks: Looks;
  readonly traffic: Traffic;
  private readonly now: () => number;
  private readonly rules: ModelRules;
  /** A look at all that has not begun yet. */
  private planned: Promise<void> | undefined;
  private allowedAtMs = 0;
  private known: { readonly catalog: Catalog; readonly lookCount: number } | undefined;

  constructor(
    backends: readonly Backend[],
    rules: ModelRules,
    looks: Looks,
    traffic: Traffic,
    now: () => number,
    blobs = new BlobPlaces(),
  ) {
    this.backends = backends;
    this.rules = rules;
    this.pins = rules.pins;
    this.looks = looks;
    this.traffic = traffic;
    this.now = now;
    this.blobs = blobs;
  }

  /** What is on offer, as of the last look at each backend. */
  get catalog(): Catalog {
    if (this.known?.lookCount !== this.looks.count) {
      this.known = {
        catalog: catalogOf(this.backends, this.pins, this.isOpenModel),
        lookCount: this.looks.count,
      };
    }
    return this.known.catalog;
  }

  /** Whether a name is a model's, for whoever resolves it: a pinned one is, even before it was seen. */
  readonly isModel: IsModel = (name, backend) =>
    this.catalog.has(name, backend) || (backend === undefined && this.pins.has(keyOf(name)));

  /** Whether a name is that of a model which may be asked for by it. */
  readonly isOpen: IsModel = (name) => this.catalog.hasOpen(name) || this.pins.has(keyOf(name));

  /** Looks at all backends; resolves when that is done, or as soon as one look made it `enough`. */
  async rescan(enough: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = this.looks.subscribe(() => {
      if (enough()) resolve();
    });
    await Promise.race([this.lookAtAll(), promise]);
    unsubscribe();
  }

  private readonly isOpenModel: IsOpen = ({ key, loaded }) => {
    const { only } = this.rules.listing;
    return only === "all" || this.rules.models.has(key) || (only === "running" && loaded);
  };

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
    const patience = this.looks.isKnownDown(backend) ? [Bun.sleep(DOWN_PATIENCE_MS)] : [];
    await Promise.race([this.looks.refresh(backend), ...patience]);
  }
}
