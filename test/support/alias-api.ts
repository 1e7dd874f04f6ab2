/** Calls the alias API of a router, and reads what it answers. */

import { expect } from "bun:test";

import type { Mellamo } from "./mellamo.ts";

/** The same API stands at both. */
export const ALIAS_PATHS = ["/api/aliases", "/api/experimental/aliases"] as const;

export interface AliasAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What the answer warns of, beside its body. */
  readonly warning: string | null;
}

/** A body that is a string goes out as it is. */
export async function aliasCall(
  { url }: Pick<Mellamo, "url">,
  method: "GET" | "POST" | "DELETE",
  body?: unknown,
  path: string = ALIAS_PATHS[0],
): Promise<AliasAnswer> {
  const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const answer = await fetch(url + path, { method, ...(text === undefined ? {} : { body: text }) });
  return {
    status: answer.status,
    body: await answer.json(),
    warning: answer.headers.get("x-mellamo-warning"),
  };
}

/** Makes these aliases, one after the other; none may be refused. */
export async function setAliases(router: Pick<Mellamo, "url">, ...entries: readonly object[]): Promise<void> {
  for (const entry of entries) expect(await aliasCall(router, "POST", entry)).toMatchObject({ status: 200 });
}

export async function removeAliases(
  router: Pick<Mellamo, "url">,
  ...names: readonly string[]
): Promise<void> {
  for (const alias of names)
    expect(await aliasCall(router, "DELETE", { alias })).toMatchObject({ status: 200 });
}

export interface AliasRow {
  readonly alias: string;
  readonly target: string;
  readonly [field: string]: unknown;
}

/** The rows of the list, with all there is to know about each where it is verbose. */
export async function aliasList(
  router: Pick<Mellamo, "url">,
  kind: "plain" | "verbose" = "plain",
): Promise<readonly AliasRow[]> {
  const query = kind === "verbose" ? "?verbose=true" : "";
  const { status, body } = await aliasCall(router, "GET", undefined, `${ALIAS_PATHS[0]}${query}`);
  expect(status).toBe(200);
  return (body as { aliases: AliasRow[] }).aliases;
}
