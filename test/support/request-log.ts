/** Reads the router's log of requests. */

import type { Mellamo } from "./mellamo.ts";

/** The lines about requests to `path` that have ended so far, in order. */
export async function requestsTo(path: string, router: Mellamo): Promise<string[]> {
  const id = `mark-${crypto.randomUUID()}`;
  await (await fetch(`${router.url}/healthz`, { headers: { "x-request-id": id } })).text();
  await router.log.until(new RegExp(`id=${id}`));
  const lines = router.log.all.slice(
    0,
    router.log.all.findIndex((line) => line.includes(`id=${id}`)),
  );
  return lines.filter((line) => line.includes("event=request ") && line.includes(` path=${path} `));
}

/** The value of one field of a line. */
export function fieldOf(line: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(` ${name}=(?:"([^"]*)"|(\\S+))`).exec(line) ?? [];
  return quoted ?? plain;
}
