/** Asks a router what it knows of itself. */

import type { Mellamo } from "./mellamo.ts";

export interface BackendState {
  readonly name: string;
  readonly up: boolean;
  readonly trouble: string | null;
  readonly engine: string | null;
  readonly inflight: number;
  readonly models: readonly { readonly id: string; readonly loaded: boolean }[];
}

export async function backends(router: Pick<Mellamo, "url">): Promise<readonly BackendState[]> {
  const response = await fetch(`${router.url}/mellamo/status`);
  const status = (await response.json()) as { readonly backends: readonly BackendState[] };
  return status.backends;
}

/** Requests that all backends together are serving. */
export async function inflight(router: Pick<Mellamo, "url">): Promise<number> {
  return (await backends(router)).reduce((sum, backend) => sum + backend.inflight, 0);
}
