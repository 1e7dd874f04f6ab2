/** How long the headers of a request may be together. */

/** A browser sends all the cookies of `localhost` along, whichever program they are for. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Bun's own flag. The binary is built with it; to set the limit otherwise takes longer than all else at the start. */
export const HEADER_LIMIT_FLAG = `--max-http-header-size=${MAX_HEADER_BYTES}`;

/** Has all servers that are started from now on take headers of this length. */
export async function raiseHeaderLimit(): Promise<void> {
  if (process.execArgv.includes(HEADER_LIMIT_FLAG)) return;
  const http = await import("node:http");
  // Node's types call it read-only; Bun reads it whenever a server starts
  Reflect.set(http.default, "maxHeaderSize", MAX_HEADER_BYTES);
}
