/**
 * Keeps what was done to the backends of a soak, and says from it what their router owed to a request.
 *
 * A backend is healthy at a time if it is left alone then, and has been for `SETTLE_MS`. A request is owed an answer if
 * one backend that has its model and serves its path is healthy all the time from its start to its end. Where the whole
 * machine stands still for half a second, all backends are in trouble.
 */

/** What can be done to a backend. */
export const TROUBLES = ["killed", "frozen", "slow", "refusing"] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The short times under which a soak's router runs; the rule is made of them. */
export const TIMES = {
  probeIntervalMs: 500,
  probeTimeoutMs: 500,
  connectMs: 500,
  firstByteMs: 2000,
  idleMs: 2000,
  pauseMs: 200,
  maxPauseMs: 1000,
  queueTimeoutMs: 20_000,
} as const;

/**
 * How long it may take until a router knows that a backend is well again: what was sent to it while it was not may fail as
 * late as that, and the last such failure makes for a pause. Looks take less.
 */
export const SETTLE_MS = TIMES.firstByteMs + TIMES.maxPauseMs;

/** Where the machine is busy, a silence can be that much longer than it was meant to be. */
const SLACK_MS = 500;

interface Spell {
  /** All of them where the machine stalled. */
  readonly backend: string | undefined;
  readonly trouble: Trouble | "stalled";
  readonly fromMs: number;
  /** `Infinity` until it is over. */
  toMs: number;
}

/** From the start of a request to its end, by `performance.now()`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Timeline {
  private readonly spells: Spell[] = [];
  private readonly startedMs = performance.now();

  /** A backend is about to be in trouble. What is returned is to be called when it is well again. */
  begin(backend: string, trouble: Trouble): () => void {
    const spell: Spell = { backend, trouble, fromMs: performance.now(), toMs: Infinity };
    this.spells.push(spell);
    return () => {
      spell.toMs = performance.now();
    };
  }

  /** The machine has stood still. */
  stalled(span: Span): void {
    this.spells.push({ backend: undefined, trouble: "stalled", ...span });
  }

  isHealthy(backend: string, span: Span): boolean {
    return !this.felt(span).some((spell) => isOf(spell, backend));
  }

  /** Whether a stream that a backend had begun may break: it was killed, or silent for as long as the router waits. */
  mayBreak(backend: string, span: Span): boolean {
    return this.felt(span).some((spell) => {
      if (!isOf(spell, backend) || spell.toMs < span.fromMs) return false;
      const silentMs = Math.min(spell.toMs, span.toMs) - Math.max(spell.fromMs, span.fromMs);
      const isSilent = spell.trouble === "frozen" || spell.trouble === "stalled";
      return spell.trouble === "killed" || (isSilent && silentMs > TIMES.idleMs - SLACK_MS);
    });
  }

  /** How often each trouble has been. */
  get counts(): readonly (readonly [Spell["trouble"], number])[] {
    const all = this.spells.map(({ trouble }) => trouble);
    return [...TROUBLES, "stalled" as const].map((one) => [
      one,
      all.filter((trouble) => trouble === one).length,
    ]);
  }

  /** What was done about that time, for whoever looks into a failure. */
  tell(span: Span): string {
    const told = this.felt(span).map(
      ({ backend = "all", trouble, fromMs, toMs }) =>
        `${backend} ${trouble} ${this.at(fromMs)} to ${this.at(toMs)}`,
    );
    return `${this.at(span.fromMs)} to ${this.at(span.toMs)} (${told.join("; ")})`;
  }

  /** Whatever a router may still feel then. */
  private felt({ fromMs, toMs }: Span): Spell[] {
    return this.spells.filter((spell) => spell.fromMs <= toMs && spell.toMs + SETTLE_MS > fromMs);
  }

  private at(ms: number): string {
    return `${((ms - this.startedMs) / 1000).toFixed(2)} s`;
  }
}

function isOf({ backend }: Spell, name: string): boolean {
  return backend === undefined || backend === name;
}
