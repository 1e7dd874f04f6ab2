/** What a release is made of, in small: texts in place of programs. */

import { chmod } from "node:fs/promises";

import type { Extras } from "../../scripts/release/extras.ts";
import type { Stamp } from "../../scripts/release/stamp.ts";
import { type Folder, folderOf } from "./folder.ts";

export const STAMP: Stamp = { version: "1.2.3", commit: "0123456789ab", epochS: 1_700_000_000 };

export interface ReleaseParts extends Folder {
  /** A file that may be run. */
  readonly program: string;
  readonly extras: Extras;
}

export async function releaseParts(): Promise<ReleaseParts> {
  const folder = await folderOf({
    "compiled/mellamo": "#!/bin/sh\necho program\n",
    "install.sh": "#!/bin/sh\n",
    "libc/lib64/ld.so": "loader\n",
    "libc/lib/libc.so.6": "library\n",
  });
  await chmod(folder.at("compiled/mellamo"), 0o755);
  const extras: Extras = {
    unit: (program, config) => `[Service]\nExecStart=${program} serve --config ${config}\n`,
    completions: { bash: "# bash\n", zsh: "# zsh\n", fish: "# fish\n" },
    installer: folder.at("install.sh"),
  };
  return { ...folder, program: folder.at("compiled/mellamo"), extras };
}

/** Whether the programs are there that pack files in the same way each time; elsewhere nothing is released. */
export const CAN_PACK =
  process.platform === "linux" && ["tar", "gzip"].every((name) => Bun.which(name) !== null);
