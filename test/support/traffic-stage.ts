/** Traffic on a clock that a test moves, without any chance in it, and backends that are nothing but a name and a duty. */

import { best, type Standing } from "../../src/domain/choose.ts";
import { type Availability, Duty, type Limits } from "../../src/traffic/duty.ts";
import type { Party } from "../../src/traffic/party.ts";
import type { Slot } from "../../src/traffic/slot.ts";
import { Traffic } from "../../src/traffic/traffic.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface PartyOptions {
  readonly weight?: number;
  readonly limits?: Partial<Limits>;
}

export class TrafficStage {
  readonly clock = new VirtualClock();
  readonly traffic: Traffic;
  /** The phases that breakers have gone into, and the backends that were resumed: `a open`, `a closed`, `a resumed`. */
  readonly news: string[] = [];

  constructor(maxInflight?: number) {
    this.traffic = new Traffic({
      clock: this.clock,
      random: () => 0,
      ...(maxInflight === undefined ? {} : { maxInflight }),
      watcher: ({ name }, { untilMs }) =>
        this.news.push(`${name} ${untilMs === undefined ? "closed" : `open until ${untilMs}`}`),
      onResumed: (name) => this.news.push(`${name} resumed`),
    });
  }

  party(name: string, { weight = 1, limits = {} }: PartyOptions = {}): Party {
    return {
      name,
      weight,
      duty: new Duty(),
      limits: { maxInflight: undefined, failures: 3, pauseMs: 1000, maxPauseMs: 60_000, ...limits },
    };
  }

  /** What is said of a backend now. */
  kind(party: Party): Availability["kind"] {
    return this.traffic.availability(party, this.clock.now()).kind;
  }

  /** A place at the best of these, which are alike but for what they do; they are all ready. */
  next(parties: readonly Party[]): { readonly party: Party; readonly slot: Slot } {
    const chances = parties.map((party): Standing & { readonly party: Party } => ({
      party,
      rank: 0,
      loose: false,
      priority: 100,
      loaded: true,
      starting: false,
      load: party.duty.load(party.weight, this.clock.now()),
      weight: party.weight,
      turn: party.duty.turn,
    }));
    const chosen = best(chances, () => false);
    if (chosen === undefined) throw new Error("Nobody to choose from");
    const { party } = chosen.candidate;
    return { party, slot: this.traffic.take(party, chosen.turn) };
  }

  /** The backends that so many requests go to, one after the other, each over before the next comes. */
  inTurn(parties: readonly Party[], count: number): string {
    return Array.from({ length: count }, () => {
      const { party, slot } = this.next(parties);
      slot.end("good");
      return party.name;
    }).join("");
  }

  /** Fails so often as to open the backend's breaker. */
  open(party: Party, what: "connection" | "answer" = "answer"): void {
    for (let one = 0; one < party.limits.failures; one++) this.traffic.take(party).end(what);
  }
}
