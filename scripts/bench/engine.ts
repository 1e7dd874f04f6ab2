/**
 * An engine that costs next to nothing: raw sockets, answers made beforehand. It lives in the benchmark's own process, so
 * that what it sends and what a client gets can be timed with one clock.
 *
 * It knows the model `tiny` alone, and refuses others: who forwards another name is not timed but found out.
 */

import { type Answer, jsonAnswer, modelsAnswer, refusal } from "./answers.ts";
import { Pacer } from "./pacer.ts";

export interface Engine {
  readonly url: string;
  readonly port: number;
  readonly stop: () => void;
}

/** What has come of a request on one connection. */
interface Wire {
  /** A head that is not complete yet. */
  head: Buffer;
  /** Bytes of the body that are still to come. */
  missing: number;
  answer: Answer | undefined;
  /** Of answers, what the kernel would not take yet. */
  unsent: Buffer;
  /** A whole request that was read at once: most are followed by the very same, which need not be read again. */
  usual: Buffer;
}

/** Before this many bytes of the body everything stands that the engine wants to know. */
const TELLING_BYTES = 200;

const HEAD_END = "\r\n\r\n";
const EMPTY = Buffer.alloc(0);

export function startEngine(port: number): Engine {
  const pacer = new Pacer();

  function take(socket: Bun.Socket<Wire>, data: Buffer): void {
    const wire = socket.data;
    if (wire.usual.length === data.length && wire.usual.equals(data)) {
      reply(socket);
      return;
    }
    if (wire.missing > 0) {
      const here = Math.min(wire.missing, data.length);
      wire.missing -= here;
      if (wire.missing > 0) return;
      reply(socket);
      if (here < data.length) take(socket, data.subarray(here));
      return;
    }
    const text = wire.head.length === 0 ? data : Buffer.concat([wire.head, data]);
    const end = text.indexOf(HEAD_END);
    const head = end === -1 ? "" : text.toString("latin1", 0, end);
    const length = end === -1 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const from = end + HEAD_END.length;
    // the beginning of the body belongs to what must be there before it is known what is wanted
    if (end === -1 || text.length - from < Math.min(length, TELLING_BYTES)) {
      wire.head = text;
      return;
    }
    wire.head = EMPTY;
    const beginning = text.toString("latin1", from, from + Math.min(length, TELLING_BYTES));
    wire.answer = head.startsWith("GET ") ? modelsAnswer(head) : answerTo(beginning);
    const here = Math.min(length, text.length - from);
    wire.missing = length - here;
    if (wire.missing > 0) return;
    if (text.length === data.length && here === length) wire.usual = Buffer.from(data);
    reply(socket);
    if (from + here < text.length) take(socket, text.subarray(from + here));
  }

  function reply(socket: Bun.Socket<Wire>): void {
    const { answer } = socket.data;
    if (answer === undefined) return;
    if (answer.kind === "whole") send(socket, answer.bytes);
    else pacer.add({ ...answer, send: (bytes) => socket.readyState > 0 && send(socket, bytes) });
  }

  const listener = Bun.listen<Wire>({
    hostname: "127.0.0.1",
    port,
    data: { head: EMPTY, missing: 0, answer: undefined, unsent: EMPTY, usual: EMPTY },
    socket: {
      open(socket) {
        socket.data = { head: EMPTY, missing: 0, answer: undefined, unsent: EMPTY, usual: EMPTY };
      },
      data: take,
      drain(socket) {
        const { unsent } = socket.data;
        socket.data.unsent = EMPTY;
        send(socket, unsent);
      },
      error() {},
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    stop() {
      pacer.stop();
      listener.stop(true);
    },
  };
}

function answerTo(beginning: string): Answer {
  if (!beginning.includes(`"model":"tiny"`)) return refusal;
  const number = (key: string): number => Number(new RegExp(`"${key}":(\\d+)`).exec(beginning)?.[1] ?? 0);
  const chunks = beginning.includes(`"chunks":`) ? number("chunks") : 0;
  if (chunks > 0) return { kind: "stream", chunks, everyMs: number("every_ms") };
  return jsonAnswer(beginning.includes(`"answer_bytes":`) ? number("answer_bytes") : 0);
}

function send(socket: Bun.Socket<Wire>, bytes: Buffer): void {
  const { data } = socket;
  if (data.unsent.length > 0) {
    data.unsent = Buffer.concat([data.unsent, bytes]);
    return;
  }
  const sent = Math.max(0, socket.write(bytes));
  if (sent < bytes.length) data.unsent = bytes.subarray(sent);
}
