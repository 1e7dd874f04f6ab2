/**
 * Keeps models in the memory of backends: one after the other at each, when it comes up and before its engine would let
 * go of them.
 */

import { keepAliveMs } from "../domain/keep-alive.ts";
import { afterAsked } from "../domain/preload.ts";
import type { Duty } from "../traffic/duty.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { Backend } from "./backend.ts";
import { Course, inMemoryOf, type Preload, unwatch } from "./course.ts";
import type { Looks } from "./looks.ts";
import { load, unload, type Wish } from "./residence.ts";

/** What has failed is tried again after such a time. */
const RETRY_MS = 60_000;

/** What leaves sooner is not asked for once more. */
const AGAIN_MS = 1000;

export interface PreloadsOptions {
  readonly looks: Looks;
  readonly traffic: Traffic;
  /** Whether a backend is one of those in use. */
  readonly isInUse: (backend: Backend) => boolean;
  /** What a name is at a backend; undefined where that has no such model. */
  readonly wishOf: (name: string, backend: Backend) => Wish | undefined;
  /** Told of each model that has been loaded, or could not be; not of those that were only asked for again. */
  readonly watcher: (backend: Backend, preload: Preload) => void;
}

export class Preloads {
  private readonly options: PreloadsOptions;
  /** By what outlives a backend's settings and its name. */
  private readonly courses = new WeakMap<Duty, Course>();
  /** The backend of each that was looked at last. */
  private readonly current = new WeakMap<Duty, Backend>();
  /** Those that load just now. */
  private readonly loads = new Map<Duty, { readonly backend: Backend; readonly abort: AbortController }>();

  constructor(options: PreloadsOptions) {
    this.options = options;
    options.looks.subscribe((backend) => this.look(backend, true));
  }

  /** What is to be in a backend's memory, in its order. */
  of({ duty, settings }: Backend): readonly Preload[] {
    return settings.preload.length === 0 ? [] : (this.courses.get(duty)?.preloads ?? []);
  }

  /** A client has asked a backend for a model. */
  asked({ duty, settings }: Backend, model: string): void {
    if (settings.preload.length === 0) return;
    for (const preload of this.courses.get(duty)?.preloads ?? [])
      if (preload.model === model) preload.condition = afterAsked(preload.condition);
  }

  /** A client has made a backend let go of a model. */
  unloaded({ duty, settings }: Backend, model: string): void {
    if (settings.preload.length === 0) return;
    for (const preload of this.courses.get(duty)?.preloads ?? []) {
      if (preload.model !== model) continue;
      preload.condition = "unloaded";
      unwatch(preload);
    }
  }

  /** Other backends are in use: gives up what goes on at those that are not, and begins at those that are. */
  follow(backends: readonly Backend[], parted: readonly Backend[]): void {
    for (const [, { backend, abort }] of this.loads) if (parted.includes(backend)) abort.abort();
    for (const backend of backends) this.look(backend);
  }

  private look(backend: Backend, isFresh = false): void {
    const { traffic, isInUse, wishOf } = this.options;
    const { duty, settings, stock, name } = backend;
    if (!isInUse(backend)) return;
    if (settings.preload.length === 0 && !this.courses.has(duty)) return;
    const course = this.courseOf(backend);
    if (!stock.up) {
      course.lose(backend);
      this.loads.get(duty)?.abort.abort();
      return;
    }
    const before = new Set(course.preloads.filter(({ condition }) => condition === "missing"));
    course.look(backend, (wanted) => wishOf(wanted, backend), isFresh);
    for (const preload of course.preloads) {
      if (preload.condition !== "missing" || before.has(preload)) continue;
      preload.why = "it has no such model";
      this.options.watcher(backend, preload);
    }
    if (traffic.drains.has(name)) course.rest();
    else void this.run(backend, course);
  }

  private courseOf({ duty }: Backend): Course {
    const known = this.courses.get(duty);
    if (known !== undefined) return known;
    const course = new Course(this.options.traffic.clock, (preload) => {
      const backend = this.current.get(duty);
      if (backend !== undefined) void this.askAgain(backend, preload);
    });
    this.courses.set(duty, course);
    return course;
  }

  /** One after the other, and only once at a time. */
  private async run(backend: Backend, course: Course): Promise<void> {
    const { duty } = backend;
    this.current.set(duty, backend);
    if (this.loads.has(duty) || course.next() === undefined) return;
    const abort = new AbortController();
    this.loads.set(duty, { backend, abort });
    const signal = AbortSignal.any([abort.signal, backend.dismissed.signal]);
    for (let next = course.next(); next !== undefined && !signal.aborted; next = course.next())
      await this.load(backend, course, next, signal);
    this.loads.delete(duty);
    // what was given up may be wanted again, and others may have taken over
    const current = this.current.get(duty);
    if (current !== undefined && (abort.signal.aborted || current !== backend)) this.look(current);
  }

  /** It would leave soon: whoever asks for it again keeps it, beside whatever is loading. */
  private async askAgain(backend: Backend, preload: Preload): Promise<void> {
    const { looks, wishOf, watcher, isInUse, traffic } = this.options;
    // others may have taken its room since the last look
    await looks.refresh(backend);
    const wish = wishOf(preload.name, backend);
    if (wish === undefined || preload.condition !== "loaded") return;
    if (!isInUse(backend) || traffic.drains.has(backend.name)) return;
    const why = await load(backend, wish, looks, backend.dismissed.signal);
    if (why === undefined) return;
    const nowMs = traffic.clock.now();
    const leftMs = preload.leavesAtMs - nowMs;
    if (leftMs > AGAIN_MS && leftMs < Infinity) preload.alarm.put(nowMs + leftMs / 2);
    if (why === preload.why) return;
    preload.why = why;
    watcher(backend, preload);
  }

  private async load(backend: Backend, course: Course, preload: Preload, signal: AbortSignal): Promise<void> {
    const { looks, wishOf } = this.options;
    const wish = wishOf(preload.name, backend);
    if (wish === undefined) {
      preload.condition = "missing";
      return;
    }
    preload.condition = "loading";
    preload.values = wish.values;
    const before = inMemoryOf(backend);
    const failure = isLetGo(wish) ? "its keep_alive is 0" : await load(backend, wish, looks, signal);
    const rivals = inMemoryOf(backend).difference(before);
    if (!isUnloaded(preload)) this.loaded(backend, course, preload, { failure, rivals }, signal);
    // a client wanted it out when there was nothing to let go of yet
    else if (failure === undefined) await unload(backend, wish.model, looks, signal);
  }

  /** A load has come to its end. */
  private loaded(
    backend: Backend,
    course: Course,
    preload: Preload,
    { failure, rivals }: { readonly failure: string | undefined; readonly rivals: ReadonlySet<string> },
    signal: AbortSignal,
  ): void {
    const { wishOf, watcher, traffic } = this.options;
    // something else may have become of it in the meantime
    if (preload.condition !== "loading") return;
    if (signal.aborted) {
      preload.condition = "waiting";
      return;
    }
    // an engine that was asked for others in the meantime has given them the room
    if (failure !== undefined && rivals.size > 0) {
      preload.condition = "displaced";
      preload.rivals = rivals;
      return;
    }
    const isNews = failure !== preload.why;
    preload.condition = failure === undefined ? "loaded" : "failed";
    preload.why = failure ?? "";
    preload.retryAtMs = traffic.clock.now() + RETRY_MS;
    course.watch(preload, wishOf(preload.name, backend)?.model.expiresInMs ?? Infinity);
    if (isNews) watcher(backend, preload);
  }
}

function isUnloaded({ condition }: Preload): boolean {
  return condition === "unloaded";
}

/** An engine that is to let go of it at once need not be bothered. */
function isLetGo({ values }: Wish): boolean {
  return keepAliveMs(values.keep_alive) === 0;
}
