/** Tries the candidates of a call one after the other until there is an answer for the client. */

import { isProblem, type Problem } from "../domain/problem.ts";
import { retryAfterMs } from "../domain/retry-after.ts";
import { isRefusal, meaningOf } from "../engines/refusal.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Verdict } from "../traffic/slot.ts";
import { type Answer, beginningOf, drop } from "./answer.ts";
import { attempt, type Outcome } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { Line, Placed } from "./line.ts";
import { isLoading, type Waited, whileLoading } from "./loading.ts";
import type { Trail } from "./trail.ts";

/** How long a backend rests that is busy and does not say for how long, and at most if it does. */
const REST_MS = 1000;
const MAX_REST_MS = 60_000;

/**
 * The first answer that is no refusal. Another candidate is tried only as long as nothing was relayed, and only for
 * calls that may be repeated or were never sent. Where none is left, an engine's own refusal beats a problem of ours.
 */
export function forward(call: Call, line: Line, fleet: Fleet, trail: Trail): Promise<Answer | Problem> {
  return new Forwarding(call, line, fleet, trail).run();
}

class Forwarding {
  private readonly call: Call;
  private readonly line: Line;
  private readonly fleet: Fleet;
  private readonly trail: Trail;
  private refusal: Answer | undefined;
  private readonly failures: string[] = [];
  private readonly lacking: string[] = [];
  private allLate = true;

  constructor(call: Call, line: Line, fleet: Fleet, trail: Trail) {
    this.call = call;
    this.line = line;
    this.fleet = fleet;
    this.trail = trail;
  }

  async run(): Promise<Answer | Problem> {
    const first = this.line.next(true);
    // most need not wait, and every wait has its price
    let placed = first instanceof Promise ? await first : first;
    while (placed !== undefined && !isProblem(placed)) {
      // what it finds out may make it one among others
      const { isTry } = placed.slot;
      let outcome = await this.once(placed, isTry);
      if (this.isStale(outcome, isTry)) outcome = await this.once(placed, true);
      let instead: Placed | undefined;
      if (isLoading(outcome)) ({ outcome, instead } = await this.whileLoading(outcome, placed));
      const answer = this.take(outcome, placed);
      if (answer !== undefined) return this.tell(answer);
      placed = instead ?? (await this.line.next(this.refusal === undefined));
    }
    return this.tell(placed?.problem === "client gone" ? placed : (this.refusal ?? placed ?? this.whyNone()));
  }

  /** `fresh` asks for a new connection: whoever tries a backend that fails does so on one that cannot be stale. */
  private once(placed: Placed, fresh: boolean): Promise<Outcome> {
    this.trail.attempts++;
    return attempt(this.call, placed, fresh, this.fleet.traffic.clock);
  }

  /**
   * Whether a pooled connection may have been stale: Bun repeats a GET by itself when the engine closes a connection in
   * the instant it is used, but not a POST.
   */
  private isStale({ kind }: Outcome, isTry: boolean): boolean {
    return kind === "broken" && this.call.replayable && !isTry;
  }

  private whileLoading(first: Outcome, placed: Placed): Promise<Waited> {
    const { call, line, fleet } = this;
    const again = async (): Promise<Outcome> => {
      const { isTry } = placed.slot;
      const outcome = await this.once(placed, isTry);
      return this.isStale(outcome, isTry) ? this.once(placed, true) : outcome;
    };
    return whileLoading(first, again, placed, { line, call, fleet });
  }

  /** Notes what came of an attempt. Returns what the client is to be told; undefined: another may do better. */
  private take(outcome: Outcome, { candidate, slot }: Placed): Answer | Problem | undefined {
    const { backend } = candidate;
    switch (outcome.kind) {
      case "answered":
        return this.takeAnswer(outcome.answer);
      case "gone":
        slot.end("neither");
        return { problem: "client gone" };
      case "lacking":
        slot.end("good");
        backend.lacks(this.call.path);
        this.lacking.push(backend.name);
        this.line.strike(candidate, "backend");
        return undefined;
      default:
        return this.takeFailure(outcome, { candidate, slot });
    }
  }

  private takeFailure(
    outcome: Extract<Outcome, { readonly why: string }>,
    { candidate, slot }: Placed,
  ): Problem | undefined {
    const { backend } = candidate;
    slot.end(outcome.kind === "unreachable" ? "connection" : "answer", "after a look");
    this.line.strike(candidate, "backend");
    // the failure may well hold for others too: look now rather than at the next interval
    void this.fleet.looks.refresh(backend).then(() => this.fleet.traffic.freed());
    this.failures.push(`${backend.name}: ${outcome.why}`);
    this.trail.failures.push(`${backend.name}: ${outcome.why}`);
    this.allLate &&= outcome.kind === "silent" || (outcome.kind === "unreachable" && outcome.isLate);
    return outcome.kind === "unreachable" || this.call.replayable ? undefined : this.whyNone();
  }

  private takeAnswer(answer: Answer): Answer | undefined {
    const { candidate, status, headers, slot } = answer;
    if (!isRefusal(status)) {
      slot.answered();
      if (answer.body === null || answer.body instanceof Uint8Array) slot.end("good");
      return answer;
    }
    const meaning = meaningOf(status, beginningOf(answer));
    if (meaning === "busy") {
      const asked = retryAfterMs(headers, Date.now()) ?? REST_MS;
      slot.rest(Math.min(asked, MAX_REST_MS));
    }
    slot.end(VERDICTS[meaning]);
    this.trail.failures.push(`${candidate.backend.name}: ${status}`);
    if (!this.call.replayable) return answer;
    this.line.strike(candidate, "model");
    const worse = this.refusal === undefined || isMoreUseful(answer, this.refusal) ? this.refusal : answer;
    if (worse !== answer) this.refusal = answer;
    if (worse !== undefined) void drop(worse);
    return undefined;
  }

  private whyNone(): Problem {
    const text = this.failures.join("; ");
    if (this.failures.length === 0)
      return { problem: "unserved", text: `${this.call.path} is not served by ${this.lacking.join(", ")}` };
    return this.allLate
      ? { problem: "late", text: `no backend has answered in time: ${text}` }
      : { problem: "unreachable", text: `no backend could be reached: ${text}` };
  }

  /** Lets go of all but what the client is told. */
  private tell(told: Answer | Problem): Answer | Problem {
    if (this.refusal !== undefined && told !== this.refusal) void drop(this.refusal);
    if (isProblem(told)) return told;
    this.trail.backend = told.candidate.backend.name;
    this.trail.model = told.candidate.model.id;
    return told;
  }
}

const VERDICTS: Readonly<Record<ReturnType<typeof meaningOf>, Verdict>> = {
  loading: "neither",
  busy: "neither",
  looping: "neither",
  failing: "answer",
};

/** Which refusals help a client most: one that says when to come back, then one that says that it may. */
const USEFUL = [429, 503, 504, 502, 508];

function isMoreUseful(one: Answer, other: Answer): boolean {
  return USEFUL.indexOf(one.status) < USEFUL.indexOf(other.status);
}
