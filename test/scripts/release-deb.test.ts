/** The Debian package brings what belongs on a Debian machine, and keeps what its owner made of it. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readdir, writeFile } from "node:fs/promises";

import { controlText, makeDeb } from "../../scripts/release/deb.ts";
import { run } from "../../scripts/release/run.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { CAN_PACK, type ReleaseParts, releaseParts, STAMP } from "../support/release-parts.ts";

const CAN_MAKE = CAN_PACK && Bun.which("dpkg-deb") !== null;
/** dpkg wants to be root, whatever folder it installs into. */
const CAN_INSTALL = CAN_MAKE && Bun.which("dpkg") !== null && process.getuid?.() === 0;

let parts: ReleaseParts;

beforeAll(async () => {
  parts = await releaseParts();
});

afterAll(() => parts[Symbol.asyncDispose]());

async function deb(version: string, name: string): Promise<string> {
  const { program, extras } = parts;
  const file = parts.at(name);
  await makeDeb({ architecture: "amd64", program, extras }, { ...STAMP, version }, file, parts.path);
  return file;
}

test("a version that is to come sorts before itself", () => {
  expect(controlText("arm64", { ...STAMP, version: "1.2.3-dev" }, 7)).toMatch(
    /^Package: mellamo\nVersion: 1\.2\.3~dev\nArchitecture: arm64\n[^]*\nInstalled-Size: 7\n/,
  );
});

test.skipIf(!CAN_MAKE)("every file is root's, of the commit's time, and where Debian has it", async () => {
  const file = await deb("1.2.3", "list.deb");
  const listed = await run(["dpkg-deb", "--contents", file], { env: { TZ: "UTC" } });
  const rows = listed
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/ +/));
  expect(new Set(rows.map(([, owner, , day, time]) => `${owner} ${day} ${time}`))).toEqual(
    new Set(["root/root 2023-11-14 22:13"]),
  );
  const files = rows
    .filter(([mode]) => mode?.startsWith("-"))
    .map(([mode, , , , , name]) => `${mode} ${name}`);
  expect(files.sort()).toEqual([
    "-rw-r--r-- ./etc/mellamo/config.toml",
    "-rw-r--r-- ./usr/lib/systemd/system/mellamo.service",
    "-rw-r--r-- ./usr/share/bash-completion/completions/mellamo",
    "-rw-r--r-- ./usr/share/doc/mellamo/README.md",
    "-rw-r--r-- ./usr/share/doc/mellamo/copyright",
    "-rw-r--r-- ./usr/share/fish/vendor_completions.d/mellamo.fish",
    "-rw-r--r-- ./usr/share/zsh/vendor-completions/_mellamo",
    "-rwxr-xr-x ./usr/bin/mellamo",
  ]);
});

test.skipIf(!CAN_MAKE)("the same parts make the same bytes", async () => {
  const one = await Bun.file(await deb("1.2.3", "one.deb")).bytes();
  const other = await Bun.file(await deb("1.2.3", "other.deb")).bytes();
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  // of the package itself, whose layout is that of ar(5)
  expect(new TextDecoder().decode(one.subarray(8, 36)).split(/ +/)).toEqual([
    "debian-binary",
    "1700000000",
    "",
  ]);
});

test.skipIf(!CAN_MAKE)("its scripts are understood by the shell that runs them", async () => {
  await run(["dpkg-deb", "--control", await deb("1.2.3", "scripts.deb"), parts.at("control")]);
  const scripts = (await readdir(parts.at("control"))).filter((name) => /^(pre|post)(inst|rm)$/.test(name));
  expect(scripts.sort()).toEqual(["postinst", "postrm", "prerm"]);
  for (const script of scripts) await run(["sh", "-n", parts.at(`control/${script}`)]);
});

/** A machine that is a folder. */
async function machine(): Promise<Folder & { readonly dpkg: (...args: string[]) => Promise<string> }> {
  const root = await folderOf({ "var/lib/dpkg/status": "", "var/lib/dpkg/available": "" });
  await mkdir(root.at("var/lib/dpkg/info"));
  await mkdir(root.at("var/lib/dpkg/updates"));
  const how = ["--force-script-chrootless", "--force-depends", "--force-architecture", "--force-confold"];
  // dpkg calls its own programs, some of which only root's path leads to
  const env = { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  const dpkg = (...args: string[]) => run(["dpkg", `--root=${root.path}`, ...how, ...args], { env });
  return { ...root, dpkg };
}

test.skipIf(!CAN_INSTALL)(
  "what its owner wrote stays through an upgrade and its removal, until it is purged",
  async () => {
    await using root = await machine();
    const config = root.at("etc/mellamo/config.toml");
    await root.dpkg("--install", await deb("1.2.3", "first.deb"));
    expect(await Bun.file(config).text()).toContain("listen = ");
    await writeFile(config, "# mine\n");
    await mkdir(root.at("var/lib/mellamo"));
    await writeFile(root.at("var/lib/mellamo/server.json"), "{}");

    await root.dpkg("--install", await deb("1.2.4", "second.deb"));
    expect(await Bun.file(config).text()).toBe("# mine\n");
    expect(await Bun.file(root.at("var/lib/dpkg/status")).text()).toContain("\nVersion: 1.2.4\n");

    await root.dpkg("--remove", "mellamo");
    expect(await Bun.file(root.at("usr/bin/mellamo")).exists()).toBe(false);
    expect(await Bun.file(config).text()).toBe("# mine\n");
    expect(await Bun.file(root.at("var/lib/mellamo/server.json")).text()).toBe("{}");

    await root.dpkg("--purge", "mellamo");
    expect([await Bun.file(config).exists(), await readdir(root.at("var/lib"))]).toEqual([false, ["dpkg"]]);
  },
);
