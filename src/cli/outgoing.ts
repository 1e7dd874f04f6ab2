/**
 * Lifts Bun's limit of 256 outgoing requests, behind which every further one waits without a word: with 256
 * generations running, lists and probes would hang. Bun reads the limit once, when the process starts.
 */

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

/** Whether the program is inside this executable, rather than a file that it runs. */
function isCompiled(): boolean {
  return Bun.main.startsWith("/$bunfs/") || /^[A-Z]:[\\/]~BUN/.test(Bun.main);
}
