/**
 * Keeps traffic from a backend that fails: closed (all may pass), open (it is skipped for a pause), half-open (one
 * request tries). What a breaker is, is a value; every event makes another.
 */

export interface BreakerLimits {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** The first pause; each one that follows without a success in between is twice as long. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

export interface Breaker {
  /** Failures in a row, those of probes among them. */
  readonly failures: number;
  /** Of these the ones of probes, which a probe that succeeds takes back. */
  readonly probeFailures: number;
  /** Whether nothing but connections has failed: what answers again has overcome that. */
  readonly severed: boolean;
  /** Pauses in a row. */
  readonly pauses: number;
  /** When the pause ends, on the clock of whoever asks; undefined while it is closed. */
  readonly untilMs: number | undefined;
  /** Whether somebody is trying. */
  readonly trying: boolean;
}

export type Phase = "closed" | "open" | "half-open";

/** What failed: the way to the backend, or what it does with requests. */
export type Failing = "connection" | "answer";

export const CLOSED: Breaker = {
  failures: 0,
  probeFailures: 0,
  severed: true,
  pauses: 0,
  untilMs: undefined,
  trying: false,
};

export function phaseOf({ untilMs }: Breaker, nowMs: number): Phase {
  if (untilMs === undefined) return "closed";
  return untilMs > nowMs ? "open" : "half-open";
}

/** Somebody tries: nobody else may until it is known what came of it. */
export function tried(breaker: Breaker): Breaker {
  return { ...breaker, trying: true };
}

/** The one that tried has ended without proving anything, as when its client left. */
export function abandoned(breaker: Breaker): Breaker {
  return { ...breaker, trying: false };
}

/**
 * A request has failed. `jitter`, from 0 to 1, spreads the pauses of many. While it is open, only the one that tried
 * says anything new: the others began before.
 */
export function failed(
  breaker: Breaker,
  what: Failing,
  isTry: boolean,
  limits: BreakerLimits,
  nowMs: number,
  jitter: number,
): Breaker {
  if (breaker.untilMs === undefined) return countFailure(breaker, what, false, limits, nowMs, jitter);
  if (!isTry) return breaker;
  const severed = breaker.severed && what === "connection";
  return paused({ ...breaker, trying: false, severed }, limits, nowMs, jitter);
}

/** The first byte of an answer is there. Whoever tried has closed it; but the next failure opens it again. */
export function answered(breaker: Breaker, isTry: boolean, limits: BreakerLimits): Breaker {
  if (breaker.untilMs === undefined || !isTry) return breaker;
  const { pauses } = breaker;
  return { ...CLOSED, pauses, failures: limits.failures - 1, severed: false };
}

/** An answer has come to its end as it should. */
export function succeeded(breaker: Breaker): Breaker {
  return breaker.untilMs === undefined && breaker.failures + breaker.pauses > 0 ? CLOSED : breaker;
}

/** Whoever tries has a connection. Where nothing else was wrong, that is enough: the answer may take minutes. */
export function connected(breaker: Breaker, isTry: boolean): Breaker {
  return isTry && breaker.severed && breaker.untilMs !== undefined ? CLOSED : breaker;
}

/**
 * A probe has come back. One that succeeds after others failed ends the pause; but it takes back no failure of
 * traffic, for an engine may well list its models and serve none.
 */
export function probed(
  breaker: Breaker,
  isGood: boolean,
  limits: BreakerLimits,
  nowMs: number,
  jitter: number,
): Breaker {
  const { untilMs, failures, probeFailures } = breaker;
  if (!isGood) {
    if (untilMs === undefined) return countFailure(breaker, "connection", true, limits, nowMs, jitter);
    return { ...breaker, probeFailures: probeFailures + 1 };
  }
  if (probeFailures === 0) return breaker;
  const left = Math.max(0, failures - probeFailures);
  if (untilMs === undefined)
    return left + breaker.pauses === 0 ? CLOSED : { ...breaker, failures: left, probeFailures: 0 };
  return { ...breaker, probeFailures: 0, untilMs: Math.min(untilMs, nowMs) };
}

function countFailure(
  breaker: Breaker,
  what: Failing,
  isProbe: boolean,
  limits: BreakerLimits,
  nowMs: number,
  jitter: number,
): Breaker {
  const counted = {
    ...breaker,
    failures: breaker.failures + 1,
    probeFailures: breaker.probeFailures + Number(isProbe),
    severed: (breaker.failures === 0 || breaker.severed) && what === "connection",
  };
  return counted.failures >= limits.failures ? paused(counted, limits, nowMs, jitter) : counted;
}

/** A pause is a quarter shorter at most than it could be. */
function paused(
  breaker: Breaker,
  { pauseMs, maxPauseMs }: BreakerLimits,
  nowMs: number,
  jitter: number,
): Breaker {
  const longestMs = Math.min(maxPauseMs, pauseMs * 2 ** breaker.pauses);
  return { ...breaker, pauses: breaker.pauses + 1, untilMs: nowMs + longestMs * (1 - jitter / 4) };
}
