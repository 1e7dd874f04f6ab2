/**
 * Builds all that people download: `bun run release` writes `dist/release/`. From one commit it always writes the same
 * bytes (with the same Bun, and the same libc6 of Debian in the image). Needs git, GNU tar, gzip, and Debian's dpkg-deb and
 * apt-get; the runtimes of other targets come from the package registry that Bun is set up with.
 */

import { copyFile, lstat, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { devDependencies, version } from "../package.json" with { type: "json" };
import { packFolder } from "./release/archive.ts";
import { readCheckout } from "./release/checkout.ts";
import { compile } from "./release/compile.ts";
import { makeDeb } from "./release/deb.ts";
import { type Extras, readExtras } from "./release/extras.ts";
import { archiveLayout, lay } from "./release/folder.ts";
import { fetchLibc } from "./release/libc.ts";
import { makeImage } from "./release/oci.ts";
import { ROOT, run } from "./release/run.ts";
import { type Stamp, stampOf, whyNoRelease } from "./release/stamp.ts";
import { writeSums } from "./release/sums.ts";
import { chosenTargets, type Target } from "./release/targets.ts";

const USAGE = `Usage: bun run release [--only TARGET]… [--out FOLDER]

Builds the program for all targets, with archives, packages, an image and sums. Its version is that of package.json where
the tag v<version> points at this commit and nothing was changed since; else "-dev" is added to it.

  --only TARGET   build for this target alone; may be given more than once
  --out FOLDER    where to (dist/release, which is emptied; any other has to be empty)
`;

const USUAL = join(ROOT, "dist", "release");

/** A release, while it is made. */
interface Making {
  readonly stamp: Stamp;
  readonly extras: Extras;
  readonly out: string;
  /** A folder to work in, on the disk of `out`. */
  readonly scratch: string;
}

async function release(targets: readonly Target[], out: string): Promise<void> {
  const bun = devDependencies["bun-types"];
  if (Bun.version !== bun) throw new Error(`releases are built with Bun ${bun}, this is ${Bun.version}`);
  const checkout = await readCheckout();
  const why = whyNoRelease(version, checkout);
  if (why !== undefined) throw new Error(why);
  const stamp = stampOf(version, checkout, process.env["SOURCE_DATE_EPOCH"]);
  await settlePackages(stamp);
  const extras = await readExtras();
  await empty(out);
  const scratch = await mkdtemp(join(out, "making-"));
  try {
    await makeAll(targets, { stamp, extras, out, scratch });
  } finally {
    await rm(scratch, { recursive: true });
  }
  await writeSums(out);
  for (const name of (await readdir(out)).sort())
    console.log(`${(Bun.file(join(out, name)).size / 1024 / 1024).toFixed(1).padStart(7)} MiB  ${name}`);
}

/** What a tagged release holds of others is what the lock file says, whatever was done to it here. */
async function settlePackages({ version: stamped }: Stamp): Promise<void> {
  const modules = join(ROOT, "node_modules");
  if ((await lstat(modules)).isSymbolicLink())
    throw new Error(`${modules} is a link: where it leads to would be written into the programs`);
  if (stamped === version)
    await run([process.execPath, "install", "--frozen-lockfile", "--force"], { cwd: ROOT });
}

async function makeAll(targets: readonly Target[], making: Making): Promise<void> {
  const { stamp, extras, out, scratch } = making;
  const programs = new Map<Target, string>();
  for (const target of targets) {
    console.log(`${target.name}: mellamo ${stamp.version}`);
    const program = await compile(target, stamp, scratch);
    programs.set(target, program);
    const name = `mellamo-${stamp.version}-${target.name}`;
    await lay(archiveLayout(target, program, extras), join(scratch, name));
    await packFolder(join(scratch, name), join(out, `${name}.tar.gz`), stamp.epochS);
  }
  await makePackages(programs, making);
  await copyFile(extras.installer, join(out, "install.sh"));
}

/** Debian's packages, and the image with the same programs. */
async function makePackages(
  programs: ReadonlyMap<Target, string>,
  { stamp, extras, out, scratch }: Making,
): Promise<void> {
  const debian = [...programs].flatMap(([{ debian: architecture }, program]) =>
    architecture === undefined ? [] : [{ architecture, program }],
  );
  if (debian.length === 0) return;
  for (const one of debian) {
    console.log(`deb for ${one.architecture}`);
    const file = join(out, `mellamo_${stamp.version}_${one.architecture}.deb`);
    await makeDeb({ ...one, extras }, stamp, file, scratch);
  }
  console.log("image");
  const libcs = await fetchLibc(
    debian.map(({ architecture }) => architecture),
    scratch,
  );
  const parts = debian.flatMap((one, index) => {
    const libc = libcs[index];
    return libc === undefined ? [] : [{ ...one, libc }];
  });
  await makeImage(parts, stamp, join(out, `mellamo-${stamp.version}-oci.tar`), scratch);
}

async function empty(out: string): Promise<void> {
  if (out === USUAL) await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new Error(`${out} is not empty`);
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        out: { type: "string", default: USUAL },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) console.log(USAGE);
    else await release(chosenTargets(values.only), resolve(values.out));
  } catch (failure) {
    console.error(`Cannot release: ${failure instanceof Error ? failure.message : String(failure)}`);
    process.exitCode = 1;
  }
}
