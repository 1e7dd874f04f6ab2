/** Makes the Debian package: the program, its configuration, the unit, completions. Needs dpkg-deb. */

import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Extras } from "./extras.ts";
import { CONFIG, lay, type Layout } from "./folder.ts";
import { MAINTAINER_SCRIPTS } from "./maintainer-scripts.ts";
import { ROOT, run } from "./run.ts";
import type { Stamp } from "./stamp.ts";

const PROGRAM = "/usr/bin/mellamo";

/** What the package of an architecture is made of. */
export interface Contents {
  readonly architecture: "amd64" | "arm64";
  readonly program: string;
  readonly extras: Extras;
}

/** Writes the package. `scratch` is a folder to work in. */
export async function makeDeb(
  contents: Contents,
  stamp: Stamp,
  file: string,
  scratch: string,
): Promise<void> {
  const root = await mkdtemp(join(scratch, "deb-"));
  await lay(layoutOf(contents), root);
  await mkdir(join(root, "DEBIAN"));
  const installedKiB = await sizeKiB(root);
  await writeFile(join(root, "DEBIAN", "control"), controlText(contents.architecture, stamp, installedKiB));
  // dpkg keeps what its owner has made of it: through upgrades, and until the package is purged
  await writeFile(join(root, "DEBIAN", "conffiles"), `${CONFIG}\n`);
  for (const [name, text] of Object.entries(MAINTAINER_SCRIPTS)) {
    await writeFile(join(root, "DEBIAN", name), text);
    await chmod(join(root, "DEBIAN", name), 0o755);
  }
  await run(["chmod", "--recursive", "u=rwX,go=rX", root]);
  for (const path of await readdir(root, { recursive: true }))
    await utimes(join(root, path), stamp.epochS, stamp.epochS);
  await utimes(root, stamp.epochS, stamp.epochS);
  // xz would make it a quarter smaller, and take ten times as long
  await run(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", root, file], {
    env: { SOURCE_DATE_EPOCH: String(stamp.epochS) },
  });
  await rm(root, { recursive: true });
}

function layoutOf({ program, extras }: Contents): Layout {
  const { bash, zsh, fish } = extras.completions;
  const layout: Layout = {
    [PROGRAM]: { copy: program },
    [CONFIG]: { copy: join(ROOT, "config.toml") },
    "/usr/lib/systemd/system/mellamo.service": { text: extras.unit(PROGRAM, CONFIG) },
    "/usr/share/bash-completion/completions/mellamo": { text: bash },
    "/usr/share/zsh/vendor-completions/_mellamo": { text: zsh },
    "/usr/share/fish/vendor_completions.d/mellamo.fish": { text: fish },
    "/usr/share/doc/mellamo/README.md": { copy: join(ROOT, "README.md") },
    "/usr/share/doc/mellamo/copyright": { copy: join(ROOT, "LICENSE") },
  };
  return layout;
}

/** Debian's words for it (Debian Policy, chapter 5). Its "~" sorts before the version that is to come. */
export function controlText(architecture: string, { version }: Stamp, installedKiB: number): string {
  return `Package: mellamo
Version: ${version.replaceAll("-", "~")}
Architecture: ${architecture}
Maintainer: mellamo <mellamo@localhost>
Installed-Size: ${installedKiB}
Depends: libc6 (>= 2.17)
Section: net
Priority: optional
Description: one name for every model, on every engine of your machines
 A router in front of model engines (Ollama, LM Studio, llama.cpp, vLLM, SGLang,
 anything OpenAI-compatible) that lets every client call a model by the name its
 owner chose.
`;
}

async function sizeKiB(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((total, size) => total + Math.ceil(size / 1024), 0);
}
