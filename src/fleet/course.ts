/** What is to be in the memory of one backend, and what has become of it. Outlives the backend's settings. */

import { afterLook, type Condition } from "../domain/preload.ts";
import type { Model } from "../engines/model.ts";
import type { Alarm, Clock } from "../traffic/clock.ts";
import type { Backend } from "./backend.ts";
import type { Wish } from "./residence.ts";

/** A name that is to be in memory. */
export interface Preload {
  readonly name: string;
  condition: Condition;
  /** Why it is not in memory; "" where that is no news. */
  why: string;
  /** The model that it is there; undefined as long as nobody knows. */
  model: string | undefined;
  /** When it may be tried again, on the clock of the traffic. */
  retryAtMs: number;
  /** When it leaves by itself, as far as is known, and the alarm before that. */
  leavesAtMs: number;
  readonly alarm: Alarm;
}

/** How long before a model would leave it is asked for again; of a short stay a quarter. */
const MARGIN_MS = 30_000;

/** Engines tell the time of leaving anew with each look, and not to the millisecond. */
const SAME_MS = 1500;

/** A timer reaches no further; the looks until then say it again. */
const FAR_MS = 86_400_000;

export class Course {
  preloads: readonly Preload[] = [];
  /** How often the backend had come back when it was last looked at. */
  private returns: number | undefined;
  private readonly clock: Clock;
  /** Called before something leaves. */
  private readonly leaving: (preload: Preload) => void;

  constructor(clock: Clock, leaving: (preload: Preload) => void) {
    this.clock = clock;
    this.leaving = leaving;
  }

  /** Takes in what a look has found; `wishOf` tells what a name is there. */
  look(backend: Backend, wishOf: (name: string) => Wish | undefined): void {
    const isBack = this.returns !== backend.returns;
    this.returns = backend.returns;
    this.preloads = backend.settings.preload.map((name) => this.named(name));
    const isAnyLoaded = backend.stock.models.some(({ loaded }) => loaded);
    const nowMs = this.clock.now();
    for (const preload of this.preloads) {
      const model = wishOf(preload.name)?.model;
      preload.model = model?.id;
      preload.condition = afterLook(preload.condition, {
        isThere: model !== undefined,
        isLoaded: model?.loaded ?? false,
        isAnyLoaded,
        isBack,
        isRetry: nowMs >= preload.retryAtMs,
      });
      if (preload.condition === "loaded") preload.why = "";
      this.watch(preload, model);
    }
  }

  /** The backend cannot be used: what was to happen has to wait. One that is down has nothing in memory. */
  rest(isDown: boolean): void {
    for (const preload of this.preloads) {
      if (isDown) preload.condition = "waiting";
      preload.leavesAtMs = Infinity;
      preload.alarm.put(Infinity);
    }
  }

  /** The first that has to be loaded. */
  next(): Preload | undefined {
    return this.preloads.find(({ condition }) => condition === "waiting");
  }

  /** Sees to it that it is asked for again before it leaves. */
  watch(preload: Preload, model: Model | undefined): void {
    const inMs = preload.condition === "loaded" && model?.loaded ? model.expiresInMs : Infinity;
    const leavesAtMs = this.clock.now() + inMs;
    if (Math.abs(leavesAtMs - preload.leavesAtMs) < SAME_MS) return;
    preload.leavesAtMs = leavesAtMs;
    preload.alarm.put(inMs < FAR_MS ? leavesAtMs - Math.min(MARGIN_MS, inMs / 4) : Infinity);
  }

  private named(name: string): Preload {
    const known = this.preloads.find((preload) => preload.name === name);
    if (known !== undefined) return known;
    const preload: Preload = {
      name,
      condition: "waiting",
      why: "",
      model: undefined,
      retryAtMs: 0,
      leavesAtMs: Infinity,
      alarm: this.clock.alarm(Infinity, () => this.leaving(preload)),
    };
    return preload;
  }
}
