/**
 * Lifts Bun's limit of 256 outgoing requests, behind which every further one waits without a word: with 256
 * generations running, lists and probes would hang. Bun reads the limit once, when the process starts.
 */

import { isCompiled } from "./executable.ts";

const VARIABLE = "BUN_CONFIG_MAX_HTTP_REQUESTS";
const MOST = "65535";

/**
 * Starts this very process anew (same id, `execve(2)`) with the variable set, unless somebody has set it. Returns
 * where that cannot be done; the limit stays then.
 */
export function raiseOutgoingLimit(): void {
  if (process.env[VARIABLE] !== undefined || process.execve === undefined) return;
  try {
    const args = isCompiled() ? process.argv.slice(2) : [...process.execArgv, ...process.argv.slice(1)];
    process.execve(process.execPath, [process.execPath, ...args], { ...process.env, [VARIABLE]: MOST });
  } catch {
    // a platform without execve, such as Windows
  }
}

/** What Bun allows where nobody has set the variable. */
const USUAL = 256;

/** Connections that are kept free for looks and for calls about models. */
const RESERVE = 64;

/** Requests to models that may be running at a time. */
export function outgoingRoom(): number {
  const most = Number(process.env[VARIABLE] ?? USUAL);
  return Math.max(1, (Number.isFinite(most) && most > 0 ? most : USUAL) - RESERVE);
}
