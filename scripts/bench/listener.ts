/** Clients that read streams from raw sockets: many of them cost the machine less than what they listen to. */

import { bodyOf, PATH, type Wish } from "./question.ts";

export interface Stream {
  /** Kept when the first event is there. */
  readonly began: Promise<void>;
  /** Kept when the stream is at its end; the delays of its events in milliseconds, each from engine to client. */
  readonly ended: Promise<readonly number[]>;
  readonly leave: () => void;
}

const END = "0\r\n\r\n";

/** Asks for a stream. The promises are broken where it breaks off, or is refused. */
export async function listen(url: string, model: string, wish: Wish): Promise<Stream> {
  const { hostname, port } = new URL(url);
  const began = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<readonly number[]>();
  // whoever leaves waits for neither
  began.promise.catch(() => {});
  ended.promise.catch(() => {});
  const delays: number[] = [];
  let rest = "";
  let isOver = false;
  const body = bodyOf(model, wish);
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data(_, bytes) {
        const nowMs = performance.now();
        const text = rest + bytes.toString("latin1");
        let read = 0;
        for (const event of text.matchAll(/"content":"(\d+\.\d+)".*\n/g)) {
          delays.push(nowMs - Number(event[1]));
          read = event.index + event[0].length;
        }
        if (delays.length > 0) began.resolve();
        isOver = text.endsWith(END);
        if (isOver) ended.resolve(delays);
        rest = text.slice(Math.max(read, text.length - 1024));
      },
      close() {
        const failure = new Error(`A stream from ${url} broke off: ${rest.slice(0, 200)}`);
        if (!isOver) began.reject(failure);
        if (!isOver) ended.reject(failure);
      },
    },
  });
  socket.write(
    `POST ${PATH} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return { began: began.promise, ended: ended.promise, leave: () => socket.terminate() };
}
