/** Requests that may have to wait, each with a label by which its engine tells it from others. */

import type { Talk } from "./backend.ts";
import { eventually } from "./deadline.ts";
import type { Mellamo } from "./mellamo.ts";

/** Far longer than anything takes that happens by itself, even on a busy machine. */
export const SOON_MS = 20_000;

type Router = Pick<Mellamo, "url">;

export interface Asked {
  /** Rejects once the client has left. */
  readonly answer: Promise<Response>;
  leave(): void;
}

export interface Question {
  readonly model?: string;
  readonly path?: string;
  /** What else stands in the body. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Bun gives up a connection whose answer nobody holds any more, as a client would that leaves. */
const held: Promise<Response>[] = [];

/** Asks a model. Without `messages` it is no conversation, which would stay where it began. */
export function ask(
  router: Router,
  label = "",
  { model = "m", path = "/v1/chat/completions", more = {} }: Question = {},
): Asked {
  const leaving = new AbortController();
  const answer = fetch(router.url + path, {
    method: "POST",
    body: JSON.stringify({ model, user: label, ...more }),
    signal: leaving.signal,
    timeout: false,
  });
  // a client that has left is not interested in what became of its request
  answer.catch(() => {});
  held.push(answer);
  return { answer, leave: () => leaving.abort() };
}

/** The label of a request that has come to an engine. */
export function labelOf({ body }: Talk): string {
  return (JSON.parse(body.toString()) as { user: string }).user;
}

/** How many requests wait for a backend. */
export async function waiting(router: Router): Promise<number> {
  const response = await fetch(`${router.url}/mellamo/status`);
  return ((await response.json()) as { waiting: number }).waiting;
}

/** Asks, and resolves once the request has joined the queue as its last. */
export async function askAndWait(router: Router, label = "", question: Question = {}): Promise<Asked> {
  const before = await waiting(router);
  const asked = ask(router, label, question);
  await untilWaiting(router, before + 1);
  return asked;
}

export async function untilWaiting(router: Router, count: number): Promise<void> {
  await eventually(SOON_MS, async () => (await waiting(router)) === count);
}
