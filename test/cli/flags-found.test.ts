/** Commands find a router that was started by flags and variables where the variables say it listens. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { startedBy } from "../support/flags.ts";
import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test("by GOLLAMAS_LISTEN, with the ids of connections and the names that were given", async () => {
  await using one = await rawBackend(["tiny:latest", "other:7b"], noSuchPath, "ollama");
  await using two = await rawBackend(["big:70b"], noSuchPath, "ollama");
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "127.0.0.1:1"\n' });
  const env = {
    GOLLAMAS_LISTEN: `unix:${folder.at("m.sock")}`,
    GOLLAMAS_CONNECTIONS: `CID1=${one.url},CID2=${two.url}/`,
    GOLLAMAS_PROXIES: "tiny=CID1,big:70b=CID2",
    GOLLAMAS_ALIASES: "gpt-4=tiny",
  };
  await using router = await startedBy("", { env });
  await Promise.all(
    ["CID1", "CID2"].map((id) => router.log.until(new RegExp(`"backend up" backend=${id} `))),
  );
  const place = { cwd: folder.path, env };

  const [ls, ps, status, resolve, alias] = await Promise.all(
    [["ls"], ["ps"], ["status"], ["resolve", "gpt-4"], ["alias"]].map((args) => command(args, place)),
  );
  expect([ls, ps, status, resolve, alias].map((result) => [result?.status, result?.err])).toEqual(
    Array.from({ length: 5 }, () => [0, ""]),
  );
  expect(ls?.out).toMatch(/^gpt-4 +tiny +CID1$/m);
  expect(ls?.out).toMatch(/^big:70b +CID2$/m);
  expect(ls?.out).not.toContain("other:7b");
  expect(ps?.out).toContain("CID2");
  expect(status?.out).toContain("none");
  expect(resolve?.out).toMatch(/-> +CID1 +ollama +tiny:latest/);
  expect(alias?.out).toContain("gpt-4");

  const found = await fetch("http://localhost/mellamo/status", { unix: folder.at("m.sock") });
  const { backends } = (await found.json()) as { readonly backends: readonly { readonly name: string }[] };
  expect(backends.map(({ name }) => name)).toEqual(["CID1", "CID2"]);
});

test("the file of the same folder says where, while nothing is said of models", async () => {
  await using one = await rawBackend(["m"], noSuchPath);
  await using folder = await folderOf();
  await using router = await startedBy(`--listen unix:${folder.at("m.sock")} --proxy m=${one.url}`);
  await router.log.until(/event="backend up"/);
  await using other = await folderOf({
    "config.toml": `[server]\nlisten = "unix:${folder.at("m.sock")}"\n`,
  });
  const said = { LISTEN: "127.0.0.1:1", GOLLAMAS_LISTEN: "" };
  expect(await command(["ls"], { cwd: other.path, env: said })).toMatchObject({ status: 0, err: "" });
});

test.each<[why: string, env: Record<string, string>, says: string]>([
  ["GOLLAMAS_LISTEN", { GOLLAMAS_LISTEN: "127.0.0.1:9" }, "http://127.0.0.1:9 (by GOLLAMAS_LISTEN): "],
  ["the file", { LISTEN: "127.0.0.1:9" }, "http://127.0.0.1:1 (by config.toml): "],
  [
    "the file that --config names",
    { GOLLAMAS_PROXIES: "m=http://127.0.0.1:9", MELLAMO_CONFIG: "no.toml" },
    "http://127.0.0.1:1 (by config.toml): ",
  ],
])("where nobody answers, it says who named the address: %s", async (why, env, says) => {
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "127.0.0.1:1"\n' });
  const args = why.includes("--config") ? ["--config", "config.toml"] : [];
  const { status, err } = await command(["ps", ...args], { cwd: folder.path, env });
  expect(err).toStartWith(`Cannot reach mellamo at ${says}`);
  expect(status).toBe(1);
});

test("a variable that is wrong is told by commands, too", async () => {
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "127.0.0.1:1"\n' });
  const { status, out, err } = await command(["ps"], { cwd: folder.path, env: { GOLLAMAS_LISTEN: "here" } });
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^GOLLAMAS_LISTEN: expected .+, got "here"\n$/);
});
