/** Asks a router what it knows of itself. */

import type { Mellamo } from "./mellamo.ts";

export interface BackendState {
  readonly name: string;
  readonly up: boolean;
  readonly trouble: string | null;
  readonly engine: string | null;
  readonly inflight: number;
  readonly drained: { readonly until: string | null } | null;
  readonly breaker: {
    readonly state: "closed" | "open" | "half-open";
    readonly failures: number;
    readonly until: string | null;
  };
  readonly resting_until: string | null;
  readonly models: readonly { readonly id: string; readonly loaded: boolean }[];
}

interface Status {
  readonly backends: readonly BackendState[];
  readonly waiting: number;
}

async function statusOf(router: Pick<Mellamo, "url">): Promise<Status> {
  return (await (await fetch(`${router.url}/mellamo/status`)).json()) as Status;
}

export async function backends(router: Pick<Mellamo, "url">): Promise<readonly BackendState[]> {
  return (await statusOf(router)).backends;
}

/** The backend of this name. */
export async function backendNamed(name: string, router: Pick<Mellamo, "url">): Promise<BackendState> {
  const found = (await backends(router)).find((backend) => backend.name === name);
  if (found === undefined) throw new Error(`There is no backend "${name}"`);
  return found;
}

/** Requests that wait for a backend that is free. */
export async function waiting(router: Pick<Mellamo, "url">): Promise<number> {
  return (await statusOf(router)).waiting;
}

/** Requests that all backends together are serving. */
export async function inflight(router: Pick<Mellamo, "url">): Promise<number> {
  return (await backends(router)).reduce((sum, backend) => sum + backend.inflight, 0);
}
