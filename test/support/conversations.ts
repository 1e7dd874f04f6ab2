/** Conversations of several turns, each of which carries all that was said before. */

import { ask, SOON_MS } from "./asking.ts";
import { within } from "./deadline.ts";
import type { Mellamo } from "./mellamo.ts";

export type Body = Readonly<Record<string, unknown>>;

/** What was said up to a turn, the first being 0; `before` stands in front of it. */
export function messages(topic: string, turn: number, before: readonly object[] = []): object[] {
  const said: object[] = [{ role: "user", content: topic }];
  for (let index = 1; index <= turn; index++)
    said.push({ role: "assistant", content: `answer ${index}` }, { role: "user", content: `more ${index}` });
  return [...before, ...said];
}

/** The body of a turn. */
export function turn(topic: string, index = 0): Body {
  return { messages: messages(topic, index) };
}

/** The backend that has answered; the status where none did. */
export async function homeOf(
  router: Pick<Mellamo, "url">,
  more: Body,
  path = "/v1/chat/completions",
  model = "m",
): Promise<string> {
  const { status, headers } = await within(SOON_MS, ask(router, "", { model, path, more }).answer);
  return status === 200 ? (headers.get("x-mellamo-backend") ?? "?") : String(status);
}
