/** A client on a raw socket: sends bytes as they are, and sees how the connection ends. */

import { connect, type Socket } from "node:net";

export interface RawClient extends Disposable {
  send(bytes: string | Uint8Array): void;
  /** Everything that came so far. */
  readonly received: () => string;
  /** Resolves once what has come matches. */
  until(pattern: RegExp, deadlineMs?: number): Promise<string>;
  /** Resolves with how the connection ended. */
  readonly ended: Promise<"end" | "reset">;
  /** Closes the connection at once. */
  leave(): void;
  /** Says that nothing more will be sent, and goes on reading. */
  finish(): void;
  /** Stops reading, so that the router cannot get rid of what it has; `resume` goes on. */
  pause(): void;
  resume(): void;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket: Socket = connect(port, "127.0.0.1");
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve);
  socket.once("error", reject);
  const ended = Promise.withResolvers<"end" | "reset">();
  const waiting = new Set<() => void>();
  let received = "";
  let how: "end" | "reset" = "end";
  socket.on("data", (data) => {
    received += data.toString("latin1");
    for (const wake of waiting) wake();
  });
  socket.on("error", () => {
    how = "reset";
  });
  socket.on("close", () => {
    ended.resolve(how);
    for (const wake of waiting) wake();
  });
  await connected;
  return {
    send: (bytes) => void socket.write(bytes),
    received: () => received,
    async until(pattern, deadlineMs = 10_000) {
      const deadline = Date.now() + deadlineMs;
      while (!pattern.test(received)) {
        if (socket.destroyed || Date.now() >= deadline)
          throw new Error(`Nothing matches ${pattern} in:\n${received}`);
        const { promise, resolve: wake } = Promise.withResolvers<void>();
        const timer = setTimeout(wake, deadline - Date.now());
        waiting.add(wake);
        await promise;
        waiting.delete(wake);
        clearTimeout(timer);
      }
      return received;
    },
    ended: ended.promise,
    leave: () => void socket.destroy(),
    finish: () => void socket.end(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** A request with a JSON body and its length, as bytes. */
export function post(path: string, body: string, headers: readonly string[] = []): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
