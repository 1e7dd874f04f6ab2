/** What a release holds beside the program and the files of the repository's root. */

import { join } from "node:path";

import { unitText } from "../../src/systemd/unit.ts";
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
  const unit = (program: string, config: string): string => unitText({ program, config });
  return { unit, completions: { bash, zsh, fish }, installer };
}

function completions(shell: Shell): Promise<string> {
  return run([process.execPath, "src/main.ts", "completions", shell]);
}
