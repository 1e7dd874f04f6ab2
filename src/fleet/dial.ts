/**
 * Finds out whether a backend's machine is there. `fetch` cannot tell one without power from an engine that thinks: to it
 * both are silent.
 */

import { codeOf } from "../domain/failure.ts";

/**
 * `taken`: somebody takes connections, and agrees on their encryption. `refused`: the machine is there, and nobody does; what was sent before may be
 * worked on all the same, as by an engine that is about to end. `silent`: nobody is there.
 */
export type Dialed = "taken" | "refused" | "silent";

/** Never rejects. */
export async function dial(origin: string, withinMs: number): Promise<Dialed> {
  // loaded where they are needed: few are ever dialed, and the program is to start at once
  const [{ connect }, tls] = await Promise.all([import("node:net"), import("node:tls")]);
  const { protocol, hostname, port } = new URL(origin);
  const { promise, resolve } = Promise.withResolvers<Dialed>();
  const host = hostname.replace(/^\[|\]$/g, "");
  const isSecure = protocol === "https:";
  const address = { host, port: port === "" ? (isSecure ? 443 : 80) : Number(port) };
  // nothing is told to whoever is there, so that it does not matter who that is
  const socket = isSecure ? tls.connect({ ...address, rejectUnauthorized: false }) : connect(address);
  const timer = setTimeout(() => resolve("silent"), withinMs);
  socket.once(isSecure ? "secureConnect" : "connect", () => resolve("taken"));
  socket.once("error", (failure) => resolve(codeOf(failure) === "ECONNREFUSED" ? "refused" : "silent"));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}
