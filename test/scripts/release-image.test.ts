/** The container image is whole in itself, for both machines, and runs as nobody. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";

import { makeImage } from "../../scripts/release/oci.ts";
import { run } from "../../scripts/release/run.ts";
import { type Layout, readLayout } from "../support/image-layout.ts";
import { CAN_PACK, type ReleaseParts, releaseParts, STAMP } from "../support/release-parts.ts";

let parts: ReleaseParts;
let layout: Layout;

async function image(name: string): Promise<string> {
  const { program } = parts;
  const libc = { version: "2.36-9", folder: parts.at("libc") };
  const both = (["amd64", "arm64"] as const).map((architecture) => ({ architecture, program, libc }));
  await makeImage(both, STAMP, parts.at(name), parts.path);
  return parts.at(name);
}

beforeAll(async () => {
  if (!CAN_PACK) return;
  parts = await releaseParts();
  await mkdir(parts.at("layout"));
  await run(["tar", "--extract", `--file=${await image("image.tar")}`, `--directory=${parts.at("layout")}`]);
  layout = await readLayout(parts.at("layout"));
});

afterAll(() => parts?.[Symbol.asyncDispose]());

test.skipIf(!CAN_PACK)("every size and sum in it is true, and it has an image for each machine", () => {
  expect(layout.name).toBe("mellamo:1.2.3");
  expect(layout.images.map(({ architecture }) => architecture)).toEqual(["amd64", "arm64"]);
});

test.skipIf(!CAN_PACK)(
  "it runs as nobody, can be reached, keeps its state, and says whether it is well",
  () => {
    for (const { config } of layout.images) {
      expect(config.created).toBe("2023-11-14T22:13:20Z");
      expect(config.config).toEqual({
        User: "65532:65532",
        ExposedPorts: { "11435/tcp": {} },
        Env: ["PATH=/usr/bin", "GOLLAMAS_LISTEN=0.0.0.0:11435", "STATE_DIRECTORY=/var/lib/mellamo"],
        Entrypoint: ["/usr/bin/mellamo"],
        Volumes: { "/var/lib/mellamo": {} },
        Labels: {
          "org.opencontainers.image.title": "mellamo",
          "org.opencontainers.image.version": "1.2.3",
          "org.opencontainers.image.revision": "0123456789ab",
          "org.opencontainers.image.licenses": "MIT",
          "mellamo.libc6": "2.36-9",
        },
        StopSignal: "SIGTERM",
        Healthcheck: {
          Test: ["CMD", "/usr/bin/mellamo", "health"],
          Interval: 30_000_000_000,
          Timeout: 15_000_000_000,
          StartPeriod: 5_000_000_000,
          Retries: 3,
        },
      });
    }
  },
);

test.skipIf(!CAN_PACK)("all files are root's but the folder of its state", async () => {
  const [first] = layout.images;
  const listed = await Promise.all(
    (first?.layers ?? []).map((file) =>
      run(["tar", "--list", "--verbose", "--numeric-owner", `--file=${file}`]),
    ),
  );
  const rows = listed.flatMap((text) => text.trimEnd().split("\n")).map((row) => row.split(/ +/));
  const kept = rows
    .filter(([, owner]) => owner !== "0/0")
    .map(([mode, owner, , , , name]) => [mode, owner, name]);
  expect(kept).toEqual([["drwxr-xr-x", "65532/65532", "var/lib/mellamo/"]]);
  const names = rows.map(([, , , , , name]) => name);
  for (const name of ["etc/passwd", "etc/mellamo/", "lib/libc.so.6", "lib64/ld.so", "usr/bin/mellamo"])
    expect(names).toContain(name);
});

test.skipIf(!CAN_PACK)("the same parts make the same bytes", async () => {
  const [one, other] = await Promise.all([
    Bun.file(parts.at("image.tar")).bytes(),
    image("other.tar").then((file) => Bun.file(file).bytes()),
  ]);
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
});
