/** An Ollama that sees an upload byte by byte as it comes, and reads or answers when a test says so. */

import { createServer, type Socket } from "node:net";

export interface Upload {
  readonly head: string;
  /** Resolves when the router has closed the connection. */
  readonly closed: Promise<void>;
  /** Bytes of the body that came so far; in chunks, with what frames them. */
  readonly received: () => number;
  /** Stops reading, and goes on. */
  pause(): void;
  resume(): void;
  /** Writes an answer; one that ends the connection closes it at once, with whatever is still unread. */
  answer(status: string, how?: "keep" | "close"): void;
}

export interface UploadSink extends AsyncDisposable {
  readonly url: string;
  /** Waits for the next upload, which has sent at least its head. */
  next(): Promise<Upload>;
}

/** `begin` sees each upload first; one that is read to its end is answered with 201. */
export async function uploadSink(begin: (upload: Upload) => void = () => {}): Promise<UploadSink> {
  const arrived: Upload[] = [];
  const waiting: ((upload: Upload) => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    takeRequest(socket, (upload) => {
      begin(upload);
      const wake = waiting.shift();
      if (wake === undefined) arrived.push(upload);
      else wake(upload);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    next() {
      const upload = arrived.shift();
      if (upload !== undefined) return Promise.resolve(upload);
      const { promise: later, resolve: wake } = Promise.withResolvers<Upload>();
      waiting.push(wake);
      return later;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      server.close(() => end());
      await ended;
    },
  };
}

const LISTS: Record<string, string> = {
  "/api/tags": '{"models":[{"name":"m","model":"m","digest":"d"}]}',
  "/api/ps": '{"models":[]}',
  "/api/version": '{"version":"0.33.0"}',
};

function takeRequest(socket: Socket, take: (upload: Upload) => void): void {
  let text = "";
  const onHead = (data: Buffer): void => {
    text += data.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end === -1) return;
    const head = text.slice(0, end);
    const rest = Buffer.from(text.slice(end + 4), "latin1");
    text = "";
    const list = LISTS[head.split(" ")[1] ?? ""];
    if (list !== undefined) {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${list.length}\r\n\r\n${list}`);
      return;
    }
    socket.off("data", onHead);
    takeUpload(socket, head, rest, take, () => socket.on("data", onHead));
  };
  socket.on("data", onHead);
}

function takeUpload(
  socket: Socket,
  head: string,
  first: Buffer,
  take: (upload: Upload) => void,
  done: () => void,
): void {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
  let received = 0;
  let answered = false;
  let tail = "";
  const answer = (status: string, how: "keep" | "close" = "keep"): void => {
    answered = true;
    const connection = how === "close" ? "Connection: close\r\n" : "";
    socket.write(`HTTP/1.1 ${status}\r\n${connection}Content-Length: 0\r\n\r\n`, () => {
      if (how === "close") socket.destroySoon();
    });
  };
  const onBody = (data: Buffer): void => {
    received += data.length;
    tail = (tail + data.toString("latin1", Math.max(0, data.length - 7))).slice(-7);
    const complete = Number.isNaN(length) ? tail === "\r\n0\r\n\r\n" : received >= length;
    if (!complete) return;
    socket.off("data", onBody);
    done();
    if (!answered) answer("201 Created");
  };
  take({
    head,
    closed,
    received: () => received,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    answer,
  });
  socket.on("data", onBody);
  if (first.length > 0) onBody(first);
}
