/** Whether a mellamo runs where the configuration listens, and whether it runs with what is on the disk. */

import { resolve } from "node:path";

import * as v from "valibot";

import { VERSION } from "../../version.ts";
import { shellWord } from "../shell-word.ts";
import { Status } from "../status-schema.ts";
import type { Finding } from "./finding.ts";

const { aliases, backends } = Status.entries;

/** What of its status matters here, which versions are slow to change; what others put otherwise is not looked at. */
export const Running = v.object({
  ...v.pick(Status, ["version", "config", "config_troubles", "needs_restart", "store"]).entries,
  aliases: v.fallback(v.optional(aliases), undefined),
  backends: v.fallback(v.optional(backends), undefined),
});

export type Running = v.InferOutput<typeof Running>;

/** Whether it has taken the file that was read here, so that all variables which that names are set for it. */
export function hasTaken({ config, config_troubles: troubles }: Running, file: string): boolean {
  return config === resolve(file) && troubles.length === 0;
}

/** `file` is the configuration that was read here; undefined where it has mistakes, which are told already. */
export function runningFindings(
  { version, config, config_troubles: troubles, needs_restart: waiting }: Running,
  read: { readonly file: string | undefined } | undefined,
): readonly Finding[] {
  const what = "running mellamo";
  const findings: Finding[] = [];
  if (version !== VERSION) {
    const remedy = "restart it, if this one was put in its place";
    findings.push({ what, state: "warn", text: `its version is ${version}, and this is ${VERSION}`, remedy });
  }
  const file = read?.file === undefined ? null : resolve(read.file);
  if (read !== undefined && config !== file) {
    const text = `it runs with ${config ?? "no configuration file"}, and this is ${file ?? "none"}`;
    const remedy =
      config === null
        ? `restart it with --config ${shellWord(file ?? "FILE")}`
        : `mellamo doctor --config ${shellWord(config)}`;
    findings.push({ what, state: "warn", text, remedy });
  } else if (read !== undefined && troubles[0] !== undefined) {
    const remedy = "save the file again, or: kill -HUP its process";
    findings.push({ what, state: "fault", text: `it has not taken the file: ${troubles[0]}`, remedy });
  }
  if (waiting.length > 0)
    findings.push({
      what,
      state: "warn",
      text: `${waiting.join(", ")} of the file is not in force`,
      remedy: "restart it",
    });
  return findings;
}
