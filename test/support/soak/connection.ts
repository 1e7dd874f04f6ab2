/**
 * A client's connection, which is used again and again, on a raw socket: it sees each byte that came before one breaks
 * (Bun's `fetch` gives up what it has not handed out by then).
 */

import { connect, type Socket } from "node:net";

import { headerOf, parseResponse } from "../response.ts";

/** An answer as far as it came, and how it ended. */
export interface Received {
  /** A character for each byte. */
  readonly text: string;
  readonly how: "whole" | "broken" | "left";
}

export class Connection implements Disposable {
  private readonly port: number;
  private socket: Socket | undefined;

  constructor(port: number) {
    this.port = port;
  }

  /** Sends a request, on a new connection if the last one is over. It leaves when the signal aborts. */
  async ask(request: string, signal: AbortSignal): Promise<Received> {
    const socket = this.socket ?? this.open();
    const { promise, resolve } = Promise.withResolvers<Received>();
    let text = "";
    const take = (data: Buffer): void => {
      text += data.toString("latin1");
      if (isWhole(text)) resolve({ text, how: "whole" });
    };
    const breakOff = (): void => resolve({ text, how: "broken" });
    const leave = (): void => resolve({ text, how: "left" });
    socket.on("data", take);
    socket.on("close", breakOff);
    signal.addEventListener("abort", leave, { once: true });
    socket.write(request);
    const received = await promise;
    signal.removeEventListener("abort", leave);
    socket.off("data", take).off("close", breakOff);
    if (received.how !== "whole") this[Symbol.dispose]();
    return received;
  }

  [Symbol.dispose](): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private open(): Socket {
    const socket = connect(this.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.socket === socket) this.socket = undefined;
    });
    this.socket = socket;
    return socket;
  }
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const answer = parseResponse(text.slice(0, end + 4));
  if (headerOf(answer, "transfer-encoding") === "chunked") return text.endsWith("\r\n0\r\n\r\n");
  return text.length === end + 4 + Number(headerOf(answer, "content-length"));
}
