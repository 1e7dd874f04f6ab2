/**
 * Finds out whether a backend's machine is there. `fetch` cannot tell one without power from an engine that thinks: to it
 * both are silent.
 */

import { connect } from "node:net";

import { codeOf } from "../domain/failure.ts";

/**
 * `taken`: somebody takes connections. `refused`: the machine is there, and nobody does; what was sent before may be
 * worked on all the same, as by an engine that is about to end. `silent`: nobody is there.
 */
export type Dialed = "taken" | "refused" | "silent";

/** Never rejects. */
export function dial(origin: string, withinMs: number): Promise<Dialed> {
  const { protocol, hostname, port } = new URL(origin);
  const { promise, resolve } = Promise.withResolvers<Dialed>();
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  });
  const timer = setTimeout(() => resolve("silent"), withinMs);
  socket.once("connect", () => resolve("taken"));
  socket.once("error", (failure) => resolve(codeOf(failure) === "ECONNREFUSED" ? "refused" : "silent"));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}
