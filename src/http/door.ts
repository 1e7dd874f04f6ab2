/** Who may come in: the host is looked at first, then the page a browser sends the request for. */

import { isLoopback } from "../config/listen.ts";
import type { Problem } from "../domain/problem.ts";
import { VIA } from "../fleet/via.ts";
import { hasPassed } from "../proxy/headers.ts";
import { isOwnHost, isWellFormedHost } from "./host.ts";
import type { Router } from "./router.ts";
import type { Snapshot } from "./snapshot.ts";

/** An answer that ends the request here, or undefined: it may come in. */
export function door(
  request: Request,
  path: string,
  { config, origins }: Snapshot,
  router: Router,
): Response | Problem | undefined {
  const { method, headers } = request;
  const host = headers.get("host");
  if (!isWellFormedHost(host)) return { problem: "bad request", text: "malformed Host header" };
  const { listen } = config.server;
  if (listen.kind === "tcp" && isLoopback(listen.hostname) && !isOwnHost(host))
    return { problem: "foreign host", host: host ?? "" };

  if (!origins.allows(headers)) return { problem: "foreign origin", origin: headers.get("origin") ?? "" };
  if (method === "OPTIONS") return origins.preflight(headers, router.allow(path));
  return hasPassed(headers, VIA) ? { problem: "loop" } : undefined;
}
