/** Where the configuration file is looked for, and which one wins. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Environment } from "../../src/config/environment.ts";
import { findConfig } from "../../src/config/find.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mellamo-find-"));
  await mkdir(join(root, "here"));
});

afterEach(() => rm(root, { recursive: true }));

async function put(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), "");
  }
}

/** Looks from the folder `here`; what is found comes back below the root of the test. */
function find(asked: string | undefined, env: Environment = {}): string | undefined {
  const before = process.cwd();
  process.chdir(join(root, "here"));
  try {
    return findConfig(asked, { HOME: join(root, "home"), ...env })?.replace(`${root}/`, "");
  } finally {
    process.chdir(before);
  }
}

const HERE = "here/config.toml";
const XDG = "xdg/mellamo/config.toml";
const HOME = "home/.config/mellamo/config.toml";

test("the file that is asked for wins over all others, and need not be there", async () => {
  await put(HERE, XDG, HOME);
  const env = { MELLAMO_CONFIG: "variable.toml", XDG_CONFIG_HOME: join(root, "xdg") };
  expect(find("asked.toml", env)).toBe("asked.toml");
});

test("$MELLAMO_CONFIG comes next, and need not be there", async () => {
  await put(HERE, XDG, HOME);
  const env = { MELLAMO_CONFIG: "variable.toml", XDG_CONFIG_HOME: join(root, "xdg") };
  expect(find(undefined, env)).toBe("variable.toml");
});

test("an empty $MELLAMO_CONFIG is none", async () => {
  await put(HERE);
  expect(find(undefined, { MELLAMO_CONFIG: "" })).toBe("config.toml");
});

test("./config.toml wins over the user's own", async () => {
  await put(HERE, XDG, HOME);
  expect(find(undefined, { XDG_CONFIG_HOME: join(root, "xdg") })).toBe("config.toml");
});

test("$XDG_CONFIG_HOME is where the user's own is, if it is set", async () => {
  await put(XDG, HOME);
  expect(find(undefined, { XDG_CONFIG_HOME: join(root, "xdg") })).toBe(XDG);
});

test.each([undefined, ""])("the user's own is in ~/.config where $XDG_CONFIG_HOME is %j", async (value) => {
  await put(XDG, HOME);
  expect(find(undefined, { XDG_CONFIG_HOME: value })).toBe(HOME);
});

test("on Windows the user's own is in %APPDATA%", async () => {
  await put("roaming/mellamo/config.toml", HOME);
  expect(find(undefined, { APPDATA: join(root, "roaming") })).toBe("roaming/mellamo/config.toml");
});

test("without any of them it is /etc/mellamo/config.toml, if that is there", () => {
  const system = "/etc/mellamo/config.toml";
  expect(find(undefined, { XDG_CONFIG_HOME: join(root, "xdg") })).toBe(
    existsSync(system) ? system : undefined,
  );
});
