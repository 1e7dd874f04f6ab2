/** Tells what clients asked an engine for from what the router asks for itself, to find out which engine it is. */

import type { Behaviour, RawBackend, Talk } from "./backend.ts";
import { noSuchPath } from "./small-fleet.ts";

/** Behaves so towards clients; to the router it is an Ollama that has no path of other engines. */
export function toPosts(behaviour: Behaviour): Behaviour {
  return (talk) => (talk.method === "POST" ? behaviour(talk) : noSuchPath(talk));
}

export function postsOf({ talks }: RawBackend): Talk[] {
  return talks.filter(({ method }) => method === "POST");
}
