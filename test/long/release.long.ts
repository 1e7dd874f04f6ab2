/** A release for this machine, as people get it: the same when it is built twice, and every form of it runs. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { version } from "../../package.json" with { type: "json" };
import { readCheckout } from "../../scripts/release/checkout.ts";
import { ROOT, run } from "../../scripts/release/run.ts";
import { signed } from "../../scripts/release/sign.ts";
import { dateOf, stampOf } from "../../scripts/release/stamp.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { readLayout } from "../support/image-layout.ts";
import { rooted } from "../support/rooted.ts";

const NEEDED = ["git", "tar", "gzip", "dpkg-deb", "apt-get"];
const CAN_RELEASE = process.platform === "linux" && NEEDED.every((name) => Bun.which(name) !== null);
const TARGET = `linux-${process.arch}`;

let folder: Folder;
let name: string;
let stamped: string;

beforeAll(async () => {
  if (!CAN_RELEASE) return;
  folder = await folderOf();
  const stamp = stampOf(version, await readCheckout(), process.env["SOURCE_DATE_EPOCH"]);
  name = `mellamo-${stamp.version}`;
  stamped = `mellamo ${stamp.version} (${stamp.commit}, ${dateOf(stamp)})\n`;
  for (const [out, env] of [
    ["one", {}],
    ["other", { TZ: "Pacific/Auckland", LANG: "C", COLUMNS: "40" }],
  ] as const) {
    const command = [process.execPath, "scripts/release.ts", "--only", TARGET, "--out", folder.at(out)];
    await run(command, { env });
  }
  await chmod(folder.path, 0o755);
}, 300_000);

afterAll(() => folder?.[Symbol.asyncDispose]());

test.skipIf(!CAN_RELEASE)("built twice from one commit, every file is the same", async () => {
  const sums = await Bun.file(folder.at("one/SHA256SUMS")).text();
  expect(await Bun.file(folder.at("other/SHA256SUMS")).text()).toBe(sums);
  expect(
    sums
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(66)),
  ).toEqual(
    [
      "install.sh",
      `${name}-${TARGET}.tar.gz`,
      `${name}-oci.tar`,
      `${name.replace("-", "_")}_${DEBIAN[process.arch]}.deb`,
    ].sort(),
  );
  await run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], { cwd: folder.at("one") });
});

const DEBIAN: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

test.skipIf(!CAN_RELEASE)("the archive's program serves where everything is against it", async () => {
  const out = await run([process.execPath, "scripts/smoke.ts", folder.at("one")]);
  expect(out).toStartWith(`${TARGET}: ${stamped.trimEnd()}: started, served and ended `);
});

test.skipIf(!CAN_RELEASE)("the package's configuration is good as it comes, and its unit too", async () => {
  const deb = folder.at(`one/${name.replace("-", "_")}_${DEBIAN[process.arch]}.deb`);
  const root = folder.at("root");
  await run(["dpkg-deb", "--extract", deb, root]);
  const program = join(root, "usr/bin/mellamo");
  expect(await run([program, "--version"])).toBe(stamped);
  const checked = await run([program, "check", "--config", join(root, "etc/mellamo/config.toml")]);
  expect(checked).toContain("config.toml: ok");
  if (Bun.which("systemd-analyze") === null) return;
  // it wants to find the program where the unit says it is
  const unit = await readFile(join(root, "usr/lib/systemd/system/mellamo.service"), "utf8");
  await Bun.write(folder.at("unit/mellamo.service"), unit.replaceAll("/usr/bin/mellamo", program));
  const verify = ["systemd-analyze", "--man=no", "--recursive-errors=no", "verify"];
  await run([...verify, folder.at("unit/mellamo.service")]);
});

test.skipIf(!CAN_RELEASE || process.getuid?.() !== 0)(
  "the image's files are all that the program needs, for a user that the machine does not know",
  async () => {
    await mkdir(folder.at("layout"));
    await run([
      "tar",
      "--extract",
      `--file=${folder.at(`one/${name}-oci.tar`)}`,
      `--directory=${folder.at("layout")}`,
    ]);
    const [image] = (await readLayout(folder.at("layout"))).images;
    await mkdir(folder.at("container"));
    for (const layer of image?.layers ?? [])
      await run([
        "tar",
        "--extract",
        "--numeric-owner",
        `--file=${layer}`,
        `--directory=${folder.at("container")}`,
      ]);
    const variables = new Map(
      (image?.config.config["Env"] as string[]).map((text) => text.split("=", 2) as [string, string]),
    );
    variables.set("GOLLAMAS_LISTEN", "unix:/var/lib/mellamo/mellamo.sock");
    const container = rooted(folder.at("container"), Object.fromEntries(variables), 65532);
    expect(await container.run("--version")).toEqual({ status: 0, out: stamped, err: "" });
    expect((await container.run("health")).status).toBe(1);
    const router = await container.serve();
    expect(await container.run("health")).toEqual({ status: 0, out: "ok\n", err: "" });
    expect((await container.run("alias", "set", "chat", "tiny")).out).toBe("chat -> tiny\n");
    expect(await router.end()).toBe(0);
    const store = folder.at("container/var/lib/mellamo/server.json");
    expect(await Bun.file(store).json()).toMatchObject({ aliases: [{ alias: "chat", target: "tiny" }] });
  },
);

test.skipIf(!CAN_RELEASE)("what Bun signs well for macOS is signed here in the same way", async () => {
  const program = folder.at("arm64/mellamo");
  const build = ["build", "src/version.ts", "--compile", "--target=bun-darwin-arm64", `--outfile=${program}`];
  await run([process.execPath, ...build], { cwd: ROOT });
  const bytes = await readFile(program);
  expect(Buffer.from(signed(bytes)).equals(bytes)).toBe(true);
});
