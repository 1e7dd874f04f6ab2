/**
 * What routers say to each other when they meet, and how much of it is heard: whoever else is on this machine may come to the
 * same place and say anything, or nothing, and is sent away.
 */

import * as v from "valibot";

import { parseJson } from "../fleet/ask.ts";

/** What one tells another of itself, as one line of JSON, right after they have met. */
const Sharer = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  url: v.pipe(v.string(), v.maxLength(300)),
  version: v.pipe(v.string(), v.maxLength(50)),
});

export type Sharer = v.InferOutput<typeof Sharer>;

/** A connection, and what it has said so far; once it has said who it is there is no more to say. */
interface Talker {
  heard: string;
  isKnown: boolean;
  patience: Timer;
}

export type Connection = Bun.Socket<Talker>;

/** Nobody shares a file with more. */
const MAX_MET = 64;

/** Whoever says more than this before the line ends, or nothing for so long, is no router. */
const MAX_HEARD = 4096;
const PATIENCE_MS = 2000;

/** Handles connections: says who `self` is, and tells `met` of each that says who it is. */
export function talkOf(self: Sharer, met: (sharer: Sharer) => void) {
  let count = 0;
  return {
    open(socket: Connection) {
      count++;
      socket.unref();
      const patience = setTimeout(() => socket.terminate(), PATIENCE_MS).unref();
      socket.data = { heard: "", isKnown: false, patience };
      if (count > MAX_MET) socket.terminate();
      else socket.write(`${JSON.stringify(self)}\n`);
    },
    data(socket: Connection, bytes: Uint8Array) {
      const { data } = socket;
      if (data.isKnown) return void socket.terminate();
      data.heard += new TextDecoder().decode(bytes.subarray(0, MAX_HEARD));
      const [line = "", ...rest] = data.heard.split("\n");
      if (rest.length === 0 && line.length < MAX_HEARD) return undefined;
      const { success, output } = v.safeParse(Sharer, parseJson(line));
      if (!success) return void socket.terminate();
      clearTimeout(data.patience);
      data.isKnown = true;
      met(output);
      return undefined;
    },
    close({ data }: Connection) {
      count--;
      clearTimeout(data.patience);
    },
    error() {},
  };
}
