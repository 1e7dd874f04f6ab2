/** Waits until a router that has nothing to do any more says so. */

import { eventually } from "../eventually.ts";
import type { Mellamo } from "../mellamo.ts";

interface State {
  readonly waiting: number;
  readonly backends: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly inflight: number;
    readonly breaker: { readonly state: string; readonly failures: number };
  }[];
}

const DEADLINE_MS = 10_000;

/** Resolves when nobody waits, and each backend is up, serves nobody and has a closed breaker; rejects with what is not so. */
export async function becomeIdle(router: Pick<Mellamo, "url">): Promise<void> {
  await eventually(
    () => stateOf(router),
    ({ waiting, backends }) =>
      waiting === 0 &&
      backends.every(({ up, inflight, breaker }) => up && inflight === 0 && breaker.state === "closed"),
    DEADLINE_MS,
  );
}

async function stateOf(router: Pick<Mellamo, "url">): Promise<State> {
  const { waiting, backends } = (await (await fetch(`${router.url}/mellamo/status`)).json()) as State;
  const shown = backends.map(({ name, up, inflight, breaker }) => ({ name, up, inflight, breaker }));
  return { waiting, backends: shown };
}
