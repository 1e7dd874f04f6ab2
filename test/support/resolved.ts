/** Asks a router where a name leads. */

import type { Mellamo } from "./mellamo.ts";

export interface Candidate {
  readonly backend: string;
  readonly engine: string | null;
  readonly model: string;
  readonly state: string;
  readonly reason: string;
  readonly loaded: boolean;
  readonly inflight: number;
  readonly priority: number;
  readonly weight: number;
  readonly chosen: boolean;
}

export interface Resolved {
  readonly candidates: readonly Candidate[];
  readonly waiting: number;
  readonly problem: { readonly status: number; readonly message: string } | null;
}

export async function resolved(
  router: Pick<Mellamo, "url">,
  model: string,
  path?: string,
): Promise<Resolved> {
  const query = new URLSearchParams({ model, ...(path === undefined ? {} : { path }) });
  return (await fetch(`${router.url}/mellamo/resolve?${query}`)).json() as Promise<Resolved>;
}
