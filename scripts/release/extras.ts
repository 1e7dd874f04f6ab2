/** What a release holds beside the program and the files of the repository's root. Written elsewhere, asked for here alone. */

import { join } from "node:path";

import { ROOT, run } from "./run.ts";

export interface Extras {
  /** The systemd unit for a program and a configuration at these paths. */
  readonly unit: (program: string, config: string) => string;
  /** The completions of the command line, by shell. */
  readonly completions: Readonly<Record<Shell, string>>;
  /** The path of the installer. */
  readonly installer: string;
}

export type Shell = "bash" | "zsh" | "fish";

/** Throws where one of them cannot be had: no release lacks any. */
export async function readExtras(): Promise<Extras> {
  const installer = join(ROOT, "scripts", "install.sh");
  if (!(await Bun.file(installer).exists())) throw new Error(`${installer} is missing`);
  const [bash, zsh, fish] = await Promise.all([completions("bash"), completions("zsh"), completions("fish")]);
  return { unit, completions: { bash, zsh, fish }, installer };
}

function completions(shell: Shell): Promise<string> {
  return run([process.execPath, "src/main.ts", "completions", shell]);
}

// SEAM: to be `unitText({ program, config })` of src/, once that is there
function unit(program: string, config: string): string {
  throw new Error(`Cannot write the unit for ${program} and ${config}: unitText is not there yet`);
}
