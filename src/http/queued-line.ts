/** The line of a request to a model: it waits where all who could serve it are busy, and looks again where they are down. */

import { areAlike, best } from "../domain/choose.ts";
import type { Problem } from "../domain/problem.ts";
import { type Candidate, isReady, type Surveyed, type Verdict } from "../fleet/survey.ts";
import type { Line, Placed } from "../proxy/line.ts";
import type { Exchange } from "./exchange.ts";
import type { Found } from "./finding.ts";
import { lineOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

export interface LineOptions {
  readonly exchange: Exchange;
  readonly found: Found;
  /** What tells the request's conversation from others; undefined where it has none. */
  readonly conversation: () => bigint | undefined;
  /** Why nobody can serve it as it stands. */
  readonly whyNone: (snapshot: Snapshot) => Problem;
}

export class QueuedLine implements Line {
  private readonly options: LineOptions;
  /** Backends, or models at them, and how often each had come back by then: one that was down since may be asked again. */
  private struck: Map<string, number> | undefined;
  /** The candidates that were handed out under a newer configuration than the request's, and that. */
  private handedOut: Map<Candidate, Snapshot> | undefined;
  private hasLookedAgain = false;
  /** Undefined until it matters. */
  private read: { readonly conversation: bigint | undefined } | undefined;

  constructor(options: LineOptions) {
    this.options = options;
  }

  next(isPatient: boolean): ReturnType<Line["next"]> {
    const { snapshot } = this.options.exchange;
    snapshot.fleet.traffic.queue.serveDue();
    return this.claim(snapshot) ?? this.later(isPatient);
  }

  /** Nobody is free now. */
  private async later(isPatient: boolean): Promise<Placed | Problem | undefined> {
    const { snapshot } = this.options.exchange;
    const left = this.left(snapshot);
    if (left.some((one) => this.isWorthWaitingFor(one, isPatient))) return this.wait();
    if (!this.hasLookedAgain && left.some(({ verdict }) => verdict.kind === "down")) {
      this.hasLookedAgain = true;
      await snapshot.fleet.rescan(() => this.left(snapshot).some(isReady));
      return this.next(isPatient);
    }
    return this.struck === undefined ? this.options.whyNone(snapshot) : undefined;
  }

  /** For one that has asked for a rest only whoever has nothing to tell yet, and if it will be over in time. */
  private isWorthWaitingFor({ verdict }: Surveyed, isPatient: boolean): boolean {
    if (verdict.kind !== "resting") return isTaken(verdict);
    const { config, fleet } = this.options.exchange.snapshot;
    return isPatient && verdict.untilMs - fleet.traffic.clock.now() <= config.routing.queue.timeoutMs;
  }

  nextLoaded({ backend: except }: Candidate): Placed | undefined {
    const { snapshot } = this.options.exchange;
    return this.claim(snapshot, (one) => isReady(one) && one.loaded && one.backend.name !== except.name);
  }

  strike({ backend, model }: Candidate, what: "model" | "backend"): void {
    this.struck ??= new Map();
    this.struck.set(what === "backend" ? backend.name : `${backend.name} ${model.id}`, backend.returns);
  }

  /** What is in force for a candidate. */
  readonly snapshotOf = (candidate: Candidate): Snapshot =>
    this.handedOut?.get(candidate) ?? this.options.exchange.snapshot;

  /** The conversation goes on where it was served, if that ever mattered. */
  served({ backend }: Candidate): void {
    const { conversations } = this.options.exchange.snapshot.fleet.traffic;
    const conversation = this.read?.conversation;
    if (conversation !== undefined) conversations.remember(conversation, backend.name);
  }

  private left(snapshot: Snapshot): Surveyed[] {
    const surveyed = this.options.found.survey(snapshot);
    return this.struck === undefined ? surveyed : this.withoutStruck(surveyed);
  }

  private withoutStruck(surveyed: readonly Surveyed[]): Surveyed[] {
    return surveyed.filter((one) => !this.isStruck(one));
  }

  private isStruck({ backend, model }: Candidate): boolean {
    const { name, returns } = backend;
    return this.struck?.get(name) === returns || this.struck?.get(`${name} ${model.id}`) === returns;
  }

  private claim(snapshot: Snapshot, isWanted = isReady): Placed | undefined {
    const left = this.left(snapshot);
    const choice = best(left.filter(isWanted), this.isHome);
    if (choice === undefined) return undefined;
    const { candidate, turn } = choice;
    if (snapshot !== this.options.exchange.snapshot) {
      this.handedOut ??= new Map();
      this.handedOut.set(candidate, snapshot);
    }
    if (left.length > 1) this.readForLater(left, candidate);
    return { candidate, slot: snapshot.fleet.traffic.take(candidate.backend, turn) };
  }

  /** One that cannot serve now may be free when the conversation goes on: it is told from others while it can be read. */
  private readForLater(left: readonly Surveyed[], candidate: Surveyed): void {
    const others = left.filter((one) => one !== candidate && one.verdict.kind !== "lacking");
    if (others.some((one) => areAlike(one, candidate))) this.conversation();
  }

  private readonly isHome = ({ backend }: Candidate): boolean => {
    const conversation = this.conversation();
    if (conversation === undefined) return false;
    const { conversations } = this.options.exchange.snapshot.fleet.traffic;
    return conversations.homeOf(conversation) === backend.name;
  };

  private conversation(): bigint | undefined {
    const { exchange, conversation } = this.options;
    const { sticky } = exchange.snapshot.config.routing;
    this.read ??= { conversation: sticky ? conversation() : undefined };
    return this.read.conversation;
  }

  /** Until a place is free, by the configuration that is in force then: it may have got another backend. */
  private async wait(): Promise<Placed | Problem> {
    const { request, snapshot, trail } = this.options.exchange;
    const { signal } = request;
    const { queue, clock } = snapshot.fleet.traffic;
    const { promise, resolve } = Promise.withResolvers<Placed | Problem>();
    const sinceMs = clock.now();
    const line = lineOf(this.options.found.route);
    const waiter = {
      line,
      kind: [line, snapshot.loadedAt.getTime(), ...[...(this.struck ?? [])].map(String).sort()].join("\n"),
      claim: (): true | number => {
        const current = this.current();
        const placed = this.claim(current);
        if (placed === undefined) return wakesAtMs(this.left(current));
        resolve(placed);
        return true;
      },
      refuse: (): void => {
        const current = this.current();
        const isBusy = this.left(current).some(({ verdict }) => isTaken(verdict));
        resolve(isBusy ? { problem: "busy" } : this.options.whyNone(current));
      },
    };
    const leave = queue.join(waiter, snapshot.config.routing.queue, wakesAtMs(this.left(snapshot)));
    const gone = (): void => {
      leave();
      resolve({ problem: "client gone" });
    };
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    const placed = await promise;
    signal.removeEventListener("abort", gone);
    trail.queuedMs += clock.now() - sinceMs;
    return placed;
  }

  /** What is in force now, if the name leads anywhere under it. */
  private current(): Snapshot {
    const { snapshot } = this.options.exchange;
    const now = snapshot.reloads.snapshot;
    return this.options.found.survey(now).length > 0 ? now : snapshot;
  }
}

/** Others have its places. */
function isTaken({ kind }: Verdict): boolean {
  return kind === "full" || kind === "on trial";
}

/** When one of them may be free though nothing happens until then. */
function wakesAtMs(surveyed: readonly Surveyed[]): number {
  return Math.min(
    ...surveyed.map(({ verdict }) => ("untilMs" in verdict ? verdict.untilMs : Infinity)),
    Infinity,
  );
}
