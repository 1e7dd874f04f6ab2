/** Starts a router over the engines of a test, and waits until it has looked at each of them. */

import { backendTable } from "./backend-table.ts";
import { type Mellamo, mellamo, type Place } from "./mellamo.ts";

/** A `[[backend]]` table; its name is the key it stands under. */
export interface BackendTable {
  readonly url: string;
  readonly engine?: string;
  readonly [setting: string]: string | number;
}

/** A port on which nothing listens. */
export const NOBODY = "http://127.0.0.1:9";

/** The table of a backend that is not there: without any, engines on the usual ports would be looked for. */
export const NO_ENGINE = `[[backend]]\nurl = "${NOBODY}"\n`;

/** `toml` is the rest of the configuration. */
export async function routerOver(
  backends: Readonly<Record<string, BackendTable>>,
  toml = "",
  place: Place = {},
): Promise<Mellamo> {
  const tables = Object.entries(backends).map(([name, { url, ...more }]) => {
    const lines = Object.entries(more).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    return backendTable(name, url, lines.join("\n"));
  });
  const router = await mellamo(`${toml}\n${tables.join("")}`, place);
  for (const name of Object.keys(backends)) {
    await router.log.until(new RegExp(`event="backend (up|down)" backend=${RegExp.escape(name)} `));
  }
  return router;
}
