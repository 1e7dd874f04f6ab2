/** Calls of the alias API, as a client makes them. */

import type { Mellamo } from "./mellamo.ts";

type Router = Pick<Mellamo, "url">;

export function setAlias(router: Router, alias: string, target: string): Promise<Response> {
  return fetch(`${router.url}/api/aliases`, { method: "POST", body: JSON.stringify({ alias, target }) });
}

export function removeAlias(router: Router, alias: string): Promise<Response> {
  return fetch(`${router.url}/api/aliases`, { method: "DELETE", body: JSON.stringify({ alias }) });
}

/** The target of each alias that is listed, by name. */
export async function aliasesOf(router: Router): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(`${router.url}/api/aliases`);
  const { aliases } = (await response.json()) as {
    readonly aliases: readonly { readonly alias: string; readonly target: string }[];
  };
  return Object.fromEntries(aliases.map(({ alias, target }) => [alias, target]));
}

export interface StoreStatus {
  readonly path: string;
  readonly aliases: number;
  readonly trouble: string | null;
}

export async function storeStatus(router: Router): Promise<StoreStatus> {
  const response = await fetch(`${router.url}/mellamo/status`);
  return ((await response.json()) as { readonly store: StoreStatus }).store;
}

/** The configuration of a router that keeps its aliases in this file. */
export function storeTable(path: string): string {
  return `[store]\npath = ${JSON.stringify(path)}\n`;
}
