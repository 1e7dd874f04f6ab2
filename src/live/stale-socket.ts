/** Clears the way for a Unix socket: a router that was killed leaves its file behind, on which no other can listen. */

import { stat, unlink } from "node:fs/promises";

import { codeOf } from "../domain/failure.ts";

/** Removes the socket at `path` if nobody listens on it. Whatever else is there is left alone. */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isSocket() && !(await isListenedOn(path))) await unlink(path);
}

async function isListenedOn(path: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data() {} } });
    socket.end();
    return true;
  } catch (failure) {
    return codeOf(failure) !== "ECONNREFUSED";
  }
}
