/** Reads an image in the OCI layout as those do who trust nothing in it: every size and sum has to be true. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import * as v from "valibot";

import { sha256 } from "../../scripts/release/sums.ts";

const Descriptor = v.object({
  mediaType: v.string(),
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  size: v.number(),
  platform: v.optional(v.object({ architecture: v.string(), os: v.string() })),
  annotations: v.optional(v.record(v.string(), v.string())),
});

type Descriptor = v.InferOutput<typeof Descriptor>;

const Index = v.object({ schemaVersion: v.literal(2), manifests: v.array(Descriptor) });
const Manifest = v.object({ schemaVersion: v.literal(2), config: Descriptor, layers: v.array(Descriptor) });
const Config = v.looseObject({
  architecture: v.string(),
  os: v.literal("linux"),
  created: v.string(),
  config: v.record(v.string(), v.unknown()),
  rootfs: v.object({ type: v.literal("layers"), diff_ids: v.array(v.string()) }),
});

export interface Image {
  readonly architecture: string;
  readonly config: v.InferOutput<typeof Config>;
  /** The paths of its compressed layers, from the lowest up. */
  readonly layers: readonly string[];
}

export interface Layout {
  readonly name: string;
  readonly images: readonly Image[];
}

/** Throws for whatever is not as it says it is, and for what nobody refers to. */
export async function readLayout(folder: string): Promise<Layout> {
  const seen = new Set<string>();
  const blob = async ({ digest, size }: Descriptor): Promise<string> => {
    const name = digest.slice("sha256:".length);
    const file = join(folder, "blobs", "sha256", name);
    if ((await stat(file)).size !== size) throw new Error(`${digest} is not ${size} bytes long`);
    if ((await sha256(file)) !== name) throw new Error(`${digest} is the sum of something else`);
    seen.add(name);
    return file;
  };
  const read = async <S extends v.GenericSchema>(schema: S, file: string): Promise<v.InferOutput<S>> =>
    v.parse(schema, await Bun.file(file).json());

  await read(v.object({ imageLayoutVersion: v.literal("1.0.0") }), join(folder, "oci-layout"));
  const [top] = (await read(Index, join(folder, "index.json"))).manifests;
  if (top === undefined) throw new Error("There is no image");
  const images: Image[] = [];
  for (const descriptor of (await read(Index, await blob(top))).manifests) {
    const manifest = await read(Manifest, await blob(descriptor));
    const config = await read(Config, await blob(manifest.config));
    if (descriptor.platform?.architecture !== config.architecture)
      throw new Error("An image is for another machine");
    const layers = await Promise.all(manifest.layers.map(blob));
    const sums = await Promise.all(layers.map(sumInside));
    if (!Bun.deepEquals(sums, config.rootfs.diff_ids))
      throw new Error("Layers are not those of the configuration");
    images.push({ architecture: config.architecture, config, layers });
  }
  const stray = (await readdir(join(folder, "blobs", "sha256"))).filter((name) => !seen.has(name));
  if (stray.length > 0) throw new Error(`Nobody refers to ${stray.join(", ")}`);
  return { name: top.annotations?.["org.opencontainers.image.ref.name"] ?? "", images };
}

async function sumInside(file: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(file).stream().pipeThrough(new DecompressionStream("gzip")))
    hasher.update(chunk);
  return `sha256:${hasher.digest("hex")}`;
}
