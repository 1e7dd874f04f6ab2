/**
 * Routers that keep their aliases in the same file learn of each other, for their logs. One of them listens on a socket
 * of this machine, the others stay connected to it: however one of them ends, its place is free at once, and until then
 * nobody has anything to do.
 */

import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import * as v from "valibot";

import { codeOf } from "../domain/failure.ts";
import { behindLinks } from "../files/replace-file.ts";
import { parseJson } from "../fleet/ask.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Log } from "../telemetry/log.ts";
import { VERSION } from "../version.ts";
import { removeStaleSocket } from "./stale-socket.ts";

/** What one tells another of itself, as one line of JSON, right after they have met. */
const Sharer = v.object({ pid: v.number(), url: v.string(), version: v.string() });

interface Seat {
  stop(): void;
}

type Connection = Bun.Socket<{ heard: string | undefined }>;

/** Whoever says more than this before the line ends is no router. */
const MAX_HEARD = 4096;

/** The state of a socket whose other end is there. */
const OPEN = 1;

/** Between a look whether somebody listens and the next step somebody may come or go. */
const MAX_TRIES = 5;

/** Begins to meet others, until the returned function is called. `url` is where this one listens. */
export function meetSharers(store: AliasStore, url: string, log: () => Log): () => void {
  const self: v.InferOutput<typeof Sharer> = { pid: process.pid, url, version: VERSION };
  let seat: Seat | undefined;
  let isSeeking = false;
  let hasLeft = false;

  const talk = {
    open(socket: Connection) {
      socket.data = { heard: "" };
      socket.unref();
      socket.write(`${JSON.stringify(self)}\n`);
    },
    data({ data }: Connection, bytes: Uint8Array) {
      if (data.heard === undefined) return;
      data.heard += new TextDecoder().decode(bytes);
      const [line = "", ...rest] = data.heard.split("\n");
      if (rest.length > 0) tell(v.safeParse(Sharer, parseJson(line)));
      if (rest.length > 0 || line.length > MAX_HEARD) data.heard = undefined;
    },
    error() {},
  };

  async function seek(): Promise<void> {
    if (seat !== undefined || isSeeking || hasLeft) return;
    isSeeking = true;
    try {
      const place = await placeOf(store.place);
      if (place !== undefined) seat = await seatAt(place);
    } catch (failure) {
      log().debug("no other router can be met", { why: codeOf(failure) });
    }
    isSeeking = false;
    if (hasLeft) seat?.stop();
  }

  async function seatAt(unix: string, tries = MAX_TRIES): Promise<Seat> {
    try {
      if (isFile(unix)) await removeStaleSocket(unix);
      const listener = Bun.listen({ unix, socket: talk });
      listener.unref();
      return { stop: () => listener.stop(true) };
    } catch (failure) {
      if (codeOf(failure) !== "EADDRINUSE") throw failure;
    }
    try {
      const socket = await Bun.connect({ unix, socket: { ...talk, close: takeAnother } });
      if (socket.readyState === OPEN) return { stop: () => socket.end() };
    } catch (failure) {
      if (codeOf(failure) !== "ECONNREFUSED") throw failure;
    }
    if (tries === 1) throw new Error("those that are there come and go");
    return seatAt(unix, tries - 1);
  }

  /** What is none of a router's words is no news. */
  function tell({ success, output }: v.SafeParseResult<typeof Sharer>): void {
    if (!success) return;
    const { pid, url: with_url, version } = output;
    log().warn("alias store shared", { path: store.place, with_pid: pid, with_url, with_version: version });
  }

  /** Who listened is gone: of those that are left one listens now. */
  function takeAnother(): void {
    seat = undefined;
    void seek();
  }

  void seek();
  // the folder may not have been there before
  const unsubscribe = store.subscribe(() => void seek());
  return () => {
    hasLeft = true;
    unsubscribe();
    seat?.stop();
  };
}

/**
 * Where those meet who share a file: of one folder, whatever paths it is reached by, and of no other that only has the same
 * path in another container. On Linux the name is no file and so leaves nothing behind; undefined where there is no folder.
 */
async function placeOf(file: string): Promise<string | undefined> {
  const path = await behindLinks(file);
  const folder = await stat(dirname(path), { bigint: true }).catch(() => undefined);
  if (folder === undefined) return undefined;
  const key = `${folder.dev} ${folder.ino} ${basename(path)}`;
  const name = `mellamo-${new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 24)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

function isFile(unix: string): boolean {
  return unix.startsWith("/");
}
