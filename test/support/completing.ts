/** Asks real shells what they offer for a command line, with the scripts that the program prints. */

import { chmod, readFile, rm, writeFile } from "node:fs/promises";

import { eventually } from "./eventually.ts";
import { type Folder, folderOf } from "./folder.ts";
import { cleanEnv, command, PROGRAM } from "./mellamo.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export interface Completing extends AsyncDisposable {
  readonly folder: Folder;
  /** The path of a shell's script. */
  readonly script: (shell: Shell) => string;
  /** What bash offers for the last word, as it would stand in the line. */
  readonly bash: (...words: string[]) => Promise<string[]>;
  /** What fish offers for the last word, without the explanations. */
  readonly fish: (line: string) => Promise<string[]>;
  /** The arguments that the program gets after a line was typed into zsh, a Tab at its end, and Return. */
  readonly zsh: (line: string) => Promise<string[]>;
}

/** `env` is that of the shells. A file `mellamo` in the folder is the program for the scripts, and else notes how it was called. */
export async function completing(env: Readonly<Record<string, string>> = {}): Promise<Completing> {
  const folder = await folderOf({ "here.toml": "", "here too.toml": "" });
  const program = folder.at("mellamo");
  const real = PROGRAM.map((word) => `'${word}'`).join(" ");
  await writeFile(
    program,
    `#!/bin/sh\n[ "$1" != completions ] || exec ${real} "$@"\nprintf '%s\\0' "$@" >called.new\nmv called.new called\n`,
  );
  await chmod(program, 0o755);
  for (const shell of SHELLS) {
    const { out } = await command(["completions", shell]);
    await writeFile(folder.at(`script.${shell}`), out);
  }
  const script = (shell: Shell): string => folder.at(`script.${shell}`);
  const place = {
    cwd: folder.path,
    env: cleanEnv({
      ...env,
      HOME: folder.path,
      PATH: `${folder.path}:${process.env["PATH"] ?? ""}`,
      TERM: "dumb",
    }),
  };
  const lines = async (args: readonly string[]): Promise<string[]> => {
    const child = Bun.spawn([...args], { ...place, stdout: "pipe", stderr: "inherit" });
    return (await child.stdout.text()).split("\n").slice(0, -1);
  };
  return {
    folder,
    script,
    bash: (...words) => lines(["bash", "-c", BASH, script("bash"), ...words.flatMap(broken)]),
    fish: async (line) =>
      (
        await lines([
          "fish",
          "--no-config",
          "-c",
          "source $argv[1]; complete -C $argv[2]",
          script("fish"),
          line,
        ])
      ).map((row) => row.split("\t")[0] ?? ""),
    async zsh(line) {
      let written = "";
      const child = Bun.spawn(["zsh", "-f", "-i"], {
        ...place,
        terminal: {
          cols: 200,
          rows: 50,
          data: (_, bytes) => void (written += new TextDecoder().decode(bytes)),
        },
      });
      child.terminal?.write(
        `autoload -Uz compinit; compinit -u -D; source '${script("zsh")}'; PS1=re''ady\n`,
      );
      await eventually(
        () => written,
        (text) => text.includes("ready"),
      );
      child.terminal?.write(`${line}\t\n`);
      const called = await eventually(
        () => readFile(folder.at("called"), "utf8").catch(() => undefined),
        (text) => text !== undefined,
      );
      child.kill("SIGKILL");
      await child.exited;
      await rm(folder.at("called"));
      return called?.split("\0").slice(0, -1) ?? [];
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const BASH = `
set -u
source "$0"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_mellamo
for word in \${COMPREPLY[@]+"\${COMPREPLY[@]}"}; do printf '%s\\n' "$word"; done`;

/** A word as bash takes it apart. */
function broken(word: string): string[] {
  const parts = word.split(/([:=]+)/);
  return parts.filter((part, index) => part !== "" || parts.length === 1 || index === 0);
}
