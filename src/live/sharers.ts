/**
 * Routers that keep their aliases in the same file learn of each other, for their logs. One of them listens on a socket
 * of this machine, the others stay connected to it: however one of them ends, its place is free at once, and until then
 * nobody has anything to do.
 */

import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { codeOf } from "../domain/failure.ts";
import { behindLinks } from "../files/replace-file.ts";
import type { AliasStore } from "../store/alias-store.ts";
import type { Log } from "../telemetry/log.ts";
import { VERSION } from "../version.ts";
import { type Connection, type Sharer, talkOf } from "./sharer-talk.ts";
import { removeStaleSocket } from "./stale-socket.ts";

interface Seat {
  stop(): void;
}

/** The state of a socket whose other end is there. */
const OPEN = 1;

/** Between a look whether somebody listens and the next step somebody may come or go. */
const MAX_TRIES = 5;

/** How long it is until a lost seat is looked for again: twice as long each time, until another router was met. */
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 60_000;

/** More are not told: a file has not as many sharers, and a log is not longer for all the programs in the world. */
const MAX_TOLD = 100;

/** Begins to meet others, until the returned function is called. `url` is where this one listens. */
export function meetSharers(store: AliasStore, url: string, log: () => Log): () => void {
  const told = new Set<string>();
  let seat: Seat | undefined;
  let isSeeking = false;
  let hasLeft = false;
  let pauseMs = FIRST_PAUSE_MS;
  let again: Timer | undefined;

  const talk = talkOf({ pid: process.pid, url, version: VERSION }, tell);

  async function seek(): Promise<void> {
    if (seat !== undefined || isSeeking || hasLeft) return;
    isSeeking = true;
    clearTimeout(again);
    try {
      const place = await placeOf(store.place);
      if (place !== undefined) seat = await seatAt(place);
    } catch (failure) {
      log().debug("no other router can be met", { why: codeOf(failure) });
      seekLater();
    }
    isSeeking = false;
    if (hasLeft) seat?.stop();
  }

  function seekLater(): void {
    again = setTimeout(() => void seek(), pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
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

  function tell({ pid, url: with_url, version }: Sharer): void {
    const key = `${pid} ${with_url}`;
    if (told.has(key) || told.size === MAX_TOLD) return;
    told.add(key);
    pauseMs = FIRST_PAUSE_MS;
    log().warn("alias store shared", { path: store.place, with_pid: pid, with_url, with_version: version });
  }

  /** Who listened is gone: of those that are left one listens now. */
  function takeAnother(socket: Connection): void {
    talk.close(socket);
    seat = undefined;
    seekLater();
  }

  void seek();
  // the folder may not have been there before
  const unsubscribe = store.subscribe(() => void seek());
  return () => {
    hasLeft = true;
    clearTimeout(again);
    unsubscribe();
    seat?.stop();
  };
}

/**
 * Where those meet who share a file: of one folder, whatever paths it is reached by, and of no other that only has the same
 * path in another container. On Linux the name is no file and so leaves nothing behind; undefined where there is no folder.
 */
export async function placeOf(file: string): Promise<string | undefined> {
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
