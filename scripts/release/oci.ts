/**
 * Makes a container image as a tar file in the OCI image layout (opencontainers/image-spec, v1.1), without a daemon: one
 * image for each architecture, of two layers, the C library and the program. `podman load`, `skopeo` and `docker load` read it.
 */

import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { gzip, type Owner, tar } from "./archive.ts";
import { lay } from "./folder.ts";
import { imageConfig, USER } from "./image-config.ts";
import type { Libc } from "./libc.ts";
import { ROOT } from "./run.ts";
import type { Stamp } from "./stamp.ts";
import { sha256 } from "./sums.ts";

/** An image's parts. */
export interface Part {
  readonly architecture: "amd64" | "arm64";
  readonly program: string;
  readonly libc: Libc;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

const STATE = "var/lib/mellamo";

/** Writes the layout as a tar file. `scratch` is a folder to work in. */
export async function makeImage(
  parts: readonly Part[],
  stamp: Stamp,
  file: string,
  scratch: string,
): Promise<void> {
  const folder = await mkdtemp(join(scratch, "oci-"));
  await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
  const manifests: object[] = [];
  for (const part of parts) {
    const { architecture } = part;
    const manifest = await writeManifest(part, stamp, folder, scratch);
    manifests.push({ ...manifest, platform: { architecture, os: "linux" } });
  }
  const index = await addJson(folder, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
  const name = { "org.opencontainers.image.ref.name": `mellamo:${stamp.version}` };
  const top = { schemaVersion: 2, mediaType: INDEX, manifests: [{ ...index, annotations: name }] };
  await writeFile(join(folder, "index.json"), JSON.stringify(top));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await tar(file, folder, ["oci-layout", "index.json", "blobs"], stamp.epochS);
  await rm(folder, { recursive: true });
}

async function writeManifest(part: Part, stamp: Stamp, folder: string, scratch: string): Promise<Descriptor> {
  const base = await addLayer(folder, stamp, [...(await baseOf(part, scratch))]);
  const own = await addLayer(folder, stamp, [await programOf(part, scratch)]);
  const config = imageConfig(part.architecture, stamp, part.libc.version, [base.diffId, own.diffId]);
  return addJson(folder, MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: await addJson(folder, CONFIG, config),
    layers: [base.layer, own.layer],
  });
}

/** What is in a layer: paths in a folder, and whose they are there. */
interface Piece {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly owner?: Owner;
}

/** The C library, and what it looks up: who runs, and where names of hosts are found. */
async function baseOf({ libc }: Part, scratch: string): Promise<Piece[]> {
  const folder = await mkdtemp(join(scratch, "base-"));
  await lay(
    {
      "etc/passwd": { text: `root:x:0:0::/:/nologin\nmellamo:x:${USER}:${USER}::/${STATE}:/nologin\n` },
      "etc/group": { text: `root:x:0:\nmellamo:x:${USER}:\n` },
      "etc/nsswitch.conf": { text: "hosts: files dns\n" },
    },
    folder,
  );
  await mkdir(join(folder, "etc", "mellamo"));
  await mkdir(join(folder, STATE), { recursive: true });
  const tops = [...new Bun.Glob("*").scanSync({ cwd: libc.folder, onlyFiles: false })].sort();
  return [
    { folder: libc.folder, paths: tops },
    { folder, paths: ["etc"] },
    { folder, paths: [STATE], owner: USER },
  ];
}

async function programOf({ program }: Part, scratch: string): Promise<Piece> {
  const folder = await mkdtemp(join(scratch, "program-"));
  await lay(
    {
      "usr/bin/mellamo": { copy: program },
      "usr/share/doc/mellamo/LICENSE": { copy: join(ROOT, "LICENSE") },
    },
    folder,
  );
  return { folder, paths: ["usr"] };
}

/** A layer is known by its compressed bytes, and in the configuration by those before. */
async function addLayer(
  folder: string,
  { epochS }: Stamp,
  pieces: readonly Piece[],
): Promise<{ readonly layer: Descriptor; readonly diffId: string }> {
  const file = join(folder, "layer.tar");
  for (const { folder: from, paths, owner } of pieces) await tar(file, from, paths, epochS, owner);
  const diffId = `sha256:${await sha256(file)}`;
  return { layer: await addBlob(folder, LAYER, await gzip(file)), diffId };
}

async function addJson(folder: string, mediaType: string, value: object): Promise<Descriptor> {
  const file = join(folder, "new.json");
  await writeFile(file, JSON.stringify(value));
  return addBlob(folder, mediaType, file);
}

async function addBlob(folder: string, mediaType: string, file: string): Promise<Descriptor> {
  const sum = await sha256(file);
  const { size } = await stat(file);
  await rename(file, join(folder, "blobs", "sha256", sum));
  return { mediaType, digest: `sha256:${sum}`, size };
}
