/** A machine in a folder, with systemd's folder and a `systemctl` that records what it is told, and commands run on it. */

import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter } from "node:path";

import { install, uninstall } from "../../src/cli/service-install.ts";
import { showService } from "../../src/cli/service-status.ts";
import type { Machine } from "../../src/systemd/machine.ts";
import { type Folder, folderOf } from "./folder.ts";
import type { Result } from "./mellamo.ts";

type Deed = "install" | "uninstall" | "status";

export interface ServiceMachine extends AsyncDisposable {
  /** The path in the folder of one that is absolute on the machine. */
  readonly at: (path: string) => string;
  readonly text: (path: string) => Promise<string>;
  /** Runs a command there, as root and with a program in a home folder unless something else is said. */
  readonly run: (deed: Deed, more?: Partial<Terms>) => Promise<Result>;
  /** What systemctl was told since the last time. */
  readonly told: () => Promise<string[]>;
  /** Has systemctl say something from now on, and end with a status. */
  readonly answer: (status: number, out: string, err?: string) => Promise<void>;
}

interface Terms {
  readonly program: string | undefined;
  readonly isRoot: boolean;
  readonly isPrinted: boolean;
  readonly isJson: boolean;
  readonly path: string;
}

const SCRIPT = `#!/bin/sh
folder=\${0%/*}
echo "$*" >> "$folder/told"
cat "$folder/out"; cat "$folder/err" >&2
exit "$(cat "$folder/status")"
`;

/** `files` are there before, by their absolute paths. */
export async function serviceMachine(files: Readonly<Record<string, string>> = {}): Promise<ServiceMachine> {
  const place: Folder = await folderOf({
    "run/systemd/system/.there": "",
    "home/me/mellamo": "the program",
    "systemd/systemctl": SCRIPT,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(1), text])),
  });
  const at = (path: string): string => place.at(path.slice(1));
  await chmod(at("/systemd/systemctl"), 0o755);
  const answer = async (status: number, out: string, err = ""): Promise<void> => {
    await writeFile(at("/systemd/told"), "");
    await writeFile(at("/systemd/status"), String(status));
    await writeFile(at("/systemd/out"), out);
    await writeFile(at("/systemd/err"), err);
  };
  await answer(0, "");
  return {
    at,
    text: (path) => readFile(at(path), "utf8"),
    async run(deed, more = {}) {
      const terms = {
        program: at("/home/me/mellamo"),
        isRoot: true,
        isPrinted: false,
        isJson: false,
        path: `${at("/systemd")}${delimiter}${process.env["PATH"]}`,
        ...more,
      };
      const args = [deed, JSON.stringify({ root: place.path, ...terms })];
      // whoever has a strict umask gets the same files
      const child = Bun.spawn(
        ["sh", "-c", 'umask 077; exec "$0" "$@"', process.execPath, import.meta.path, ...args],
        {
          stdout: "pipe",
          stderr: "pipe",
        },
      );
      const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { out: out.replaceAll(place.path, ""), err: err.replaceAll(place.path, ""), status };
    },
    async told() {
      const text = await readFile(at("/systemd/told"), "utf8");
      await writeFile(at("/systemd/told"), "");
      return text.split("\n").slice(0, -1);
    },
    answer,
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

if (import.meta.main) {
  const [deed, text = "{}"] = process.argv.slice(2);
  const { root, program, isRoot, isPrinted, isJson, path } = JSON.parse(text) as Terms & { root: string };
  const machine: Machine = { root, program, isRoot, env: { PATH: path } };
  if (deed === "install") process.exitCode = await install(machine, isPrinted);
  else if (deed === "uninstall") process.exitCode = await uninstall(machine, isPrinted);
  else process.exitCode = await showService(machine, { positionals: [], values: { json: isJson } });
}
