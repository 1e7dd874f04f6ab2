/**
 * Finds out whether anybody listens at a backend's address. `fetch` cannot tell a machine without power from an engine
 * that thinks: to it both are silent.
 */

import { connect } from "node:net";

export function dial(origin: string, withinMs: number): Promise<boolean> {
  const { protocol, hostname, port } = new URL(origin);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  });
  const timer = setTimeout(() => resolve(false), withinMs);
  socket.once("connect", () => resolve(true));
  socket.once("error", () => resolve(false));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}
