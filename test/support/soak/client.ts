/** One request of a soak: asks, reads or leaves, and tells what came of it. */

import { type Asked, faultIn } from "./reading.ts";
import { bodyOf, PATHS } from "./speech.ts";
import type { Span } from "./timeline.ts";

/** No request takes longer that ends at all: some time in the queue, every backend in vain, and the longest answer. */
const DEADLINE_MS = 45_000;

export interface Request extends Asked {
  /** The router's log calls it so. */
  readonly id: string;
  /** When its client leaves, if it has not had all by then. */
  readonly leavesAfterMs: number | undefined;
}

export interface Outcome extends Span {
  readonly request: Request;
  /**
   * `whole`: the right answer, from its beginning to its end. `refused`: an error's status and text. `broken`: the
   * connection broke off. `wrong`: a clean end of what is no right answer. `left`: by its client. `lost`: no end in time.
   */
  readonly kind: "whole" | "refused" | "broken" | "wrong" | "left" | "lost";
  readonly status: number | undefined;
  /** Whose answer it is. */
  readonly backend: string | undefined;
  readonly attempts: number;
  readonly queuedMs: number;
  /** Of the body. */
  readonly bytes: number;
  readonly why: string;
}

export async function ask(url: string, request: Request): Promise<Outcome> {
  const { dialect, name, question, isStreamed, id, leavesAfterMs } = request;
  const fromMs = performance.now();
  const leaving = new AbortController();
  let isLate = false;
  const timers = [
    setTimeout(() => {
      isLate = true;
      leaving.abort();
    }, DEADLINE_MS),
    ...(leavesAfterMs === undefined ? [] : [setTimeout(() => leaving.abort(), leavesAfterMs)]),
  ];
  let head: Response | undefined;
  let text = "";
  let kind: Outcome["kind"];
  let why = "";
  try {
    head = await fetch(url + PATHS[dialect], {
      method: "POST",
      headers: { "x-request-id": id },
      body: bodyOf(dialect, name, question, isStreamed),
      signal: leaving.signal,
    });
    const decoder = new TextDecoder();
    for await (const chunk of head.body ?? []) text += decoder.decode(chunk, { stream: true });
    const fault = head.status === 200 ? faultIn(text, request) : text;
    why = fault ?? "";
    kind = head.status !== 200 ? "refused" : fault === undefined ? "whole" : "wrong";
  } catch (failure) {
    why = String(failure);
    kind = isLate ? "lost" : leaving.signal.aborted ? "left" : "broken";
  }
  for (const timer of timers) clearTimeout(timer);
  return {
    request,
    kind,
    fromMs,
    toMs: performance.now(),
    status: head?.status,
    backend: head?.headers.get("x-mellamo-backend") ?? undefined,
    attempts: Number(head?.headers.get("x-mellamo-attempts") ?? 0),
    queuedMs: Number(head?.headers.get("x-mellamo-queue-ms") ?? 0),
    bytes: text.length,
    why,
  };
}
