/** An Ollama whose pulls a test tells line by line. */

import { type RawBackend, rawBackend, type Talk } from "./backend.ts";

/** A line of a pull's progress. */
export type PullLine = Readonly<Record<string, unknown>>;

/** The line of a layer, as an Ollama writes it: nothing is left out but a `completed` of nothing. */
export function layer(digit: string, total: number, completed = 0): PullLine {
  const digest = `sha256:${digit.repeat(64)}`;
  return { status: `pulling ${digit.repeat(12)}`, digest, total, ...(completed === 0 ? {} : { completed }) };
}

/** What an Ollama tells of a model of two layers. */
export const WHOLE_PULL: readonly PullLine[] = [
  { status: "pulling manifest" },
  layer("a", 4_700_000_000),
  layer("a", 4_700_000_000, 2_350_000_000),
  layer("a", 4_700_000_000, 4_700_000_000),
  layer("b", 12_000),
  layer("b", 12_000, 12_000),
  { status: "verifying sha256 digest" },
  { status: "writing manifest" },
  { status: "success" },
];

export async function beginPull(talk: Talk, ...lines: readonly PullLine[]): Promise<void> {
  await talk.begin(200);
  await tell(talk, ...lines);
}

export async function tell(talk: Talk, ...lines: readonly PullLine[]): Promise<void> {
  for (const line of lines) await talk.chunk(`${JSON.stringify(line)}\n`);
}

/** Tells these lines, and no more. */
export async function pullOf(talk: Talk, lines: readonly PullLine[] = WHOLE_PULL): Promise<void> {
  await beginPull(talk, ...lines);
  await talk.chunk("");
}

/** An Ollama that answers every pull with these lines. */
export function pulledFrom(lines: readonly PullLine[] = WHOLE_PULL): Promise<RawBackend> {
  return rawBackend([], (talk) => pullOf(talk, lines), "ollama");
}
