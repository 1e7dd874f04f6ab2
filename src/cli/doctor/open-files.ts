/** Whether as many files may be open as many connections need (proc(5), `/proc/PID/limits`). */

import { readFile } from "node:fs/promises";

import type { Finding } from "./finding.ts";

/** Each request has a connection to its client, and one to its backend. */
const ENOUGH = 1024;

/** Of a router that runs its own; else of what this user starts here. Nothing where the system does not tell. */
export async function openFileFindings(pid: number | undefined): Promise<readonly Finding[]> {
  const limits = await readFile(`/proc/${pid ?? "self"}/limits`, "utf8").catch(() => "");
  const [, soft] = /^Max open files +(\d+|unlimited) /m.exec(limits) ?? [];
  if (soft === undefined) return [];
  const what = "open files";
  const text = `${soft} at most for ${pid === undefined ? "what this user starts" : "the mellamo that runs"}`;
  if (soft === "unlimited" || Number(soft) >= ENOUGH) return [{ what, state: "ok", text }];
  const remedy = `raise the limit (each request needs two): ulimit -n 65536 before it is started, or LimitNOFILE=65536 in its unit`;
  return [{ what, state: "fault", text, remedy }];
}
