/**
 * An engine on a raw socket that does what a test tells it, byte by byte: half headers, silence, a reset, a wrong
 * length. Lists are answered by themselves, so that the router finds its models.
 */

import { type AddressInfo, createServer, type Socket } from "node:net";

import { type Kind, listAnswer } from "./list-answer.ts";
import { parseRequest } from "./parse-request.ts";

/** One request as it came over the wire, and the socket to answer on. */
export interface Talk {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The head as it came, for tests that look at its bytes. */
  readonly head: string;
  /** Lower-cased names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Requests that came on its connection before it. */
  readonly earlier: number;
  /** Resolves when the router has closed the connection. */
  readonly closed: Promise<void>;
  /** Writes bytes as they are; resolves when the kernel has taken them. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** Sends a whole answer with its length. */
  answer(
    status: number,
    body: string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Begins an answer in chunks; `chunk` goes on with it, and one that is empty ends it. */
  begin(status: number, headers?: Readonly<Record<string, string>>): Promise<void>;
  chunk(bytes: string | Uint8Array): Promise<void>;
  /** Closes cleanly (FIN), or by a reset (RST). */
  end(): void;
  reset(): void;
}

export type Behaviour = (talk: Talk) => Promise<void> | void;

export interface RawBackend extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Every request but those for lists, in order. */
  readonly talks: readonly Talk[];
  /** How often it was asked for a list, and how many connections it was asked on. */
  readonly looks: () => number;
  readonly connections: () => number;
  /** Waits for the request with this index. */
  readonly talk: (index: number) => Promise<Talk>;
  /** What it does from now on. */
  behave(behaviour: Behaviour): void;
  /** Lists other models from now on; undefined: says nothing when asked for a list. An Ollama has loaded but these. */
  list(models: readonly string[] | undefined, loaded?: readonly string[]): void;
  /** Stops listening and breaks all connections; `start` opens the same port again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops listening, and goes on with the connections that it has. */
  retire(): void;
}

/** Behaves like an OpenAI-compatible server that has `models`, or like an Ollama that has loaded none of them. */
export async function rawBackend(
  models: readonly string[],
  behaviour: Behaviour,
  kind: Kind = "openai",
): Promise<RawBackend> {
  const talks: Talk[] = [];
  const sockets = new Set<Socket>();
  const arrivals = new Set<() => void>();
  let behave = behaviour;
  let listed: readonly string[] | undefined = models;
  let inMemory: readonly string[] = [];
  let looks = 0;
  let connections = 0;

  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    readRequests(socket, (talk) => {
      const list = listAnswer(talk, listed, inMemory, kind);
      if (list !== undefined) looks++;
      if (list === "silence") return;
      if (list !== undefined) {
        void talk.answer(200, list);
        return;
      }
      talks.push(talk);
      for (const wake of arrivals) wake();
      void behave(talk);
    });
  });

  let port = 0;
  const start = async (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
    await promise;
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
    await promise;
  };
  await start();

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    talks,
    looks: () => looks,
    connections: () => connections,
    async talk(index) {
      for (;;) {
        const talk = talks[index];
        if (talk !== undefined) return talk;
        const { promise, resolve } = Promise.withResolvers<void>();
        arrivals.add(resolve);
        await promise;
        arrivals.delete(resolve);
      }
    },
    behave(behaviourNow) {
      behave = behaviourNow;
    },
    list(models, loaded = []) {
      listed = models;
      inMemory = loaded;
    },
    stop,
    start,
    retire: () => void server.close(),
    async [Symbol.asyncDispose]() {
      if (server.listening) await stop();
    },
  };
}

function readRequests(socket: Socket, take: (talk: Talk) => void): void {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  let buffer = Buffer.alloc(0);
  let earlier = 0;
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, bytesOf(data)]);
    for (let request = parseRequest(buffer); request !== undefined; request = parseRequest(buffer)) {
      buffer = buffer.subarray(request.length);
      take({ ...request, earlier: earlier++, closed, ...writers(socket) });
    }
  });
}

function writers(socket: Socket): Pick<Talk, "send" | "answer" | "begin" | "chunk" | "end" | "reset"> {
  const send = (bytes: string | Uint8Array): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // a test that writes to a router that has left wants to know of the leaving, not of the write
    socket.write(bytes, () => resolve());
    return promise;
  };
  const head = (status: number, headers: Readonly<Record<string, string>>): string =>
    [
      `HTTP/1.1 ${status} Said`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ].join("\r\n");
  return {
    send,
    async answer(status, body, headers = { "content-type": "application/json" }) {
      const bytes = bytesOf(body);
      await send(
        Buffer.concat([
          Buffer.from(head(status, { ...headers, "content-length": String(bytes.length) })),
          bytes,
        ]),
      );
    },
    begin: (status, headers = { "content-type": "application/x-ndjson" }) =>
      send(head(status, { ...headers, "transfer-encoding": "chunked" })),
    chunk(bytes) {
      const body = bytesOf(bytes);
      return send(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")]));
    },
    end: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
  };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
