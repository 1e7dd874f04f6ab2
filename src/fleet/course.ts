/** What is to be in the memory of one backend, and what has become of it. Outlives the backend's settings. */

import type { Values } from "../domain/parameters.ts";
import { afterLook, type Condition } from "../domain/preload.ts";
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
  /** What it was loaded with. */
  values: Values | undefined;
  /** The models that came into memory when it left. */
  rivals: ReadonlySet<string>;
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

/** A timer reaches no further: what leaves later is watched by looks that are nearer to it. */
const FAR_MS = 86_400_000;

export class Course {
  preloads: readonly Preload[] = [];
  /** The models that the last look has found in memory. */
  private inMemory: ReadonlySet<string> = new Set();
  /** How often the backend had come back when it was last looked at. */
  private returns: number | undefined;
  private readonly clock: Clock;
  /** Called before something leaves. */
  private readonly leaving: (preload: Preload) => void;

  constructor(clock: Clock, leaving: (preload: Preload) => void) {
    this.clock = clock;
    this.leaving = leaving;
  }

  /** Takes in what a look has found, just now or some time ago; `wishOf` tells what a name is there. */
  look(backend: Backend, wishOf: (name: string) => Wish | undefined, isFresh: boolean): void {
    const isBack = this.returns !== backend.returns;
    this.returns = backend.returns;
    this.name(backend);
    const inMemory = inMemoryOf(backend);
    const nowMs = this.clock.now();
    for (const preload of this.preloads) {
      const wish = wishOf(preload.name);
      const model = wish?.model;
      const before = preload.condition;
      preload.model = model?.id;
      if (before === "loaded" && model?.loaded === false) preload.rivals = inMemory.difference(this.inMemory);
      preload.condition = afterLook(before, {
        isThere: model !== undefined,
        isLoaded: model?.loaded ?? false,
        isTaken: !preload.rivals.isDisjointFrom(inMemory),
        isBack,
        isRetry: nowMs >= preload.retryAtMs,
      });
      // its owner wants it otherwise now: rather here than at the next request
      const isOther = preload.values !== undefined && !Bun.deepEquals(preload.values, wish?.values);
      if (preload.condition === "loaded" && isOther) preload.condition = "waiting";
      const isNew = before !== preload.condition;
      if (isNew && (preload.condition === "loaded" || before === "missing")) preload.why = "";
      if (isFresh || preload.leavesAtMs === Infinity || preload.condition !== "loaded")
        this.watch(preload, model?.expiresInMs ?? Infinity);
    }
    this.inMemory = inMemory;
  }

  /** The backend is down, and has nothing in memory. */
  lose(backend: Backend): void {
    this.name(backend);
    for (const preload of this.preloads) preload.condition = "waiting";
    this.rest();
  }

  /** Nothing is to be asked again. */
  rest(): void {
    for (const preload of this.preloads) unwatch(preload);
  }

  /** The first that has to be loaded. */
  next(): Preload | undefined {
    return this.preloads.find(({ condition }) => condition === "waiting");
  }

  /** It leaves so long after now, unless it is asked for again. */
  watch(preload: Preload, inMs: number): void {
    if (preload.condition !== "loaded") {
      unwatch(preload);
      return;
    }
    // an engine that is busy does not tell: what it told before holds on
    if (inMs === Infinity) return;
    if (inMs >= FAR_MS) {
      unwatch(preload);
      return;
    }
    const leavesAtMs = this.clock.now() + inMs;
    if (Math.abs(leavesAtMs - preload.leavesAtMs) < sameMs(inMs)) return;
    preload.leavesAtMs = leavesAtMs;
    preload.why = "";
    preload.alarm.put(leavesAtMs - Math.min(MARGIN_MS, inMs / 4));
  }

  /** Those that its settings name; nobody wants the others any more. */
  private name({ settings }: Backend): void {
    const before = this.preloads;
    this.preloads = settings.preload.map((name) => this.named(name));
    for (const preload of before) if (!this.preloads.includes(preload)) preload.alarm.cancel();
  }

  private named(name: string): Preload {
    const known = this.preloads.find((preload) => preload.name === name);
    if (known !== undefined) return known;
    const preload: Preload = {
      name,
      condition: "waiting",
      why: "",
      model: undefined,
      values: undefined,
      rivals: new Set(),
      retryAtMs: 0,
      leavesAtMs: Infinity,
      alarm: this.clock.alarm(Infinity, () => this.leaving(preload)),
    };
    return preload;
  }
}

/** The models that have room in a backend's memory: what is on its way has taken it already. */
export function inMemoryOf({ stock }: Backend): ReadonlySet<string> {
  return new Set(stock.models.filter(({ loaded, loading }) => loaded || loading).map(({ id }) => id));
}

/** It is not asked for again until a look says when it leaves. */
export function unwatch(preload: Preload): void {
  preload.leavesAtMs = Infinity;
  preload.alarm.put(Infinity);
}

/** Of a short stay, less tells one from the next. One that is overdue is no stay: its engine is still at work with it. */
function sameMs(inMs: number): number {
  return inMs === 0 ? SAME_MS : Math.min(SAME_MS, inMs / 2);
}
