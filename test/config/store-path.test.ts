/** Where the aliases are kept that are made while the router runs. */

import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { storePathOf, usualStorePath } from "../../src/config/store-path.ts";
import { folderOf } from "../support/folder.ts";
import { mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { configOf, mistakesOf } from "../support/reading.ts";
import { setAlias, storeStatus } from "../support/store-calls.ts";

const HOME = { HOME: "/home/me" };

test.each([
  ["/var/lib/mellamo.json", "/etc/mellamo/config.toml", "/var/lib/mellamo.json"],
  ["aliases.json", "/etc/mellamo/config.toml", "/etc/mellamo/aliases.json"],
  ["../state/aliases.json", "/etc/mellamo/config.toml", "/etc/state/aliases.json"],
  ["~/.ollama/server.json", "/etc/mellamo/config.toml", "/home/me/.ollama/server.json"],
  ["~other/server.json", "/etc/mellamo/config.toml", "/etc/mellamo/~other/server.json"],
  ["a~/b", "/etc/c.toml", "/etc/a~/b"],
])("%s in %s is %s", (written, file, path) => {
  expect(storePathOf(written, file, HOME)).toBe(path);
});

test("without a configuration file a relative path begins where the program runs", () => {
  expect(storePathOf("aliases.json", "", HOME)).toBe(join(process.cwd(), "aliases.json"));
});

test.each([
  [{ STATE_DIRECTORY: "/var/lib/mellamo" }, "/var/lib/mellamo/server.json"],
  // systemd gives several with a colon between them
  [{ STATE_DIRECTORY: "/var/lib/one:/var/lib/two", XDG_STATE_HOME: "/xdg" }, "/var/lib/one/server.json"],
  [{ STATE_DIRECTORY: "", XDG_STATE_HOME: "/xdg" }, "/xdg/mellamo/server.json"],
  [{ XDG_STATE_HOME: "" }, "/home/me/.local/state/mellamo/server.json"],
  [{ LOCALAPPDATA: "/local" }, "/local/mellamo/server.json"],
  [{}, "/home/me/.local/state/mellamo/server.json"],
])("with %j the usual place is %s", (env, path) => {
  expect(usualStorePath({ ...HOME, ...env })).toBe(path);
});

test("without $HOME it is in the home of the user", () => {
  expect(usualStorePath({})).toBe(join(homedir(), ".local/state/mellamo/server.json"));
});

test("the configuration says where, with variables of the environment in it", () => {
  const toml = '[store]\npath = "${DATA}/aliases.json"\n';
  expect(configOf(toml, { DATA: "/data" }).storePath).toBe("/data/aliases.json");
  expect(configOf("", { STATE_DIRECTORY: "/state" }).storePath).toBe("/state/server.json");
});

test.each(['""', '" "', '"folder/"', "7", '["a"]', '"a\\u0000b"'])("path = %s is a mistake", (value) => {
  expect(mistakesOf(`[store]\npath = ${value}\n`)).toEqual([expect.stringContaining("store.path")]);
});

test("a relative path is the configuration file's neighbour, wherever the router was started", async () => {
  await using elsewhere = await folderOf();
  await using router = await mellamo(`[store]\npath = "sub/aliases.json"\n${NO_ENGINE}`, {
    cwd: elsewhere.path,
  });
  expect((await setAlias(router, "a", "m")).status).toBe(200);
  expect((await storeStatus(router)).path).toBe(join(router.file, "..", "sub", "aliases.json"));
  expect(await readdir(join(router.file, "..", "sub"))).toContain("aliases.json");
  expect(await readdir(elsewhere.path)).toEqual([]);
});

test("without any path it is in the folder that systemd gives, and outlives the router", async () => {
  await using state = await folderOf();
  const place = { env: { STATE_DIRECTORY: state.path } };
  await using first = await mellamo(NO_ENGINE, place);
  expect((await setAlias(first, "a", "m")).status).toBe(200);
  await first.end("SIGTERM");
  await using second = await mellamo(NO_ENGINE, place);
  expect(await storeStatus(second)).toEqual({ path: state.at("server.json"), aliases: 1, trouble: null });
});
