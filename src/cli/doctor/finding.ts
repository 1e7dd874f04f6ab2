/** What a check of `mellamo doctor` has found: one line, and what to do about it. */

export type Finding = Found | Fault;

interface Found {
  /** What was looked at: "configuration", "backend gpu". */
  readonly what: string;
  /** `warn` may be meant so. */
  readonly state: "ok" | "warn";
  readonly text: string;
  readonly remedy?: string;
}

interface Fault {
  readonly what: string;
  readonly state: "fault";
  readonly text: string;
  readonly remedy: string;
}

/** More of a kind are told by their number. */
const MOST_TOLD = 10;

/** The first of many findings, and how many there are beside them, with the state of the worst. */
export function cut(findings: readonly Finding[], where: string): readonly Finding[] {
  const rest = findings.slice(MOST_TOLD);
  const [first] = rest;
  if (first === undefined) return findings;
  const text = `${rest.length} more`;
  const remedy = `all of them: ${where}`;
  const state = rest.some((one) => one.state === "fault") ? "fault" : first.state;
  return [...findings.slice(0, MOST_TOLD), { what: first.what, state, text, remedy }];
}

/** A line, and its remedy below it. */
export function findingText({ what, state, text, remedy }: Finding): string {
  const line = `${state.padEnd(5)}  ${what}: ${text}`.replaceAll("\n", "\u{fffd}");
  return remedy === undefined ? line : `${line}\n       -> ${remedy.replaceAll("\n", "\u{fffd}")}`;
}
