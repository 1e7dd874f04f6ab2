/** `mellamo alias` finds the running router; one that the user named has to answer, or nothing is changed at all. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { folderOf } from "../support/folder.ts";
import { freePort } from "../support/llama-server.ts";
import { command, type Mellamo, mellamo, type Result } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const NAME = "only-here";
const ROWS = `NAME       STANDS FOR  SOURCE  STATE\n${NAME}  m           config  no backend that is up has "m"\n`;

function router(listen: string): Promise<Mellamo> {
  return mellamo(`[server]\nlisten = "${listen}"\n[aliases]\n${NAME} = "m"\n${NO_ENGINE}`);
}

function configOf(listen: string): string {
  return `[server]\nlisten = "${listen}"\n${NO_ENGINE}`;
}

test("by --server, by $MELLAMO_HOST and by the configuration, in this order", async () => {
  await using running = await router("127.0.0.1:0");
  await using folder = await folderOf({
    "config.toml": configOf(`127.0.0.1:${running.port}`),
    "elsewhere.toml": configOf(`unix:nobody.sock`),
  });
  const cwd = folder.path;
  const here = `127.0.0.1:${running.port}`;
  const nowhere = "unix:nobody.sock";
  const answers = await Promise.all([
    command(["alias", "--server", here], { cwd, env: { MELLAMO_HOST: nowhere } }),
    command(["alias", "--server", `http://${here}/`, "--config", "elsewhere.toml"], { cwd }),
    command(["alias"], { cwd: "/", env: { MELLAMO_HOST: here } }),
    command(["alias", "--config", "elsewhere.toml"], { cwd, env: { MELLAMO_HOST: running.url } }),
    command(["alias"], { cwd }),
    command(["alias"], { cwd, env: { MELLAMO_HOST: "" } }),
  ]);
  expect<Result[]>(answers).toEqual(answers.map(() => ({ status: 0, out: ROWS, err: "" })));
});

test.concurrent.each([
  ["one address", (port: number) => `127.0.0.1:${port}`],
  ["an IPv6 address", (port: number) => `[::1]:${port}`],
  ["every address", (port: number) => `:${port}`],
  ["every IPv4 address", (port: number) => `0.0.0.0:${port}`],
])("where the configuration says that it listens on %s", async (_, listenOn) => {
  await using running = await router(listenOn(freePort()));
  const set = await command(["alias", "set", "x", "y", "--config", running.file]);
  expect([set.out, set.err, set.status]).toEqual(["x -> y\n", 'warning: no backend that is up has "y"\n', 0]);
  const shown = await command(["alias", "show", "x", "--config", running.file, "--json"]);
  expect(JSON.parse(shown.out)).toMatchObject([{ alias: "x", target: "y", source: "stored" }]);
  const removed = await command(["alias", "rm", "x", "--config", running.file]);
  expect(removed).toEqual({ status: 0, out: "removed x\n", err: "" });
});

test.concurrent("on a Unix socket, by the option, the variable and the configuration", async () => {
  await using folder = await folderOf();
  const address = `unix:${folder.at("m.sock")}`;
  await using running = await router(address);
  const answers = await Promise.all([
    command(["alias", "--server", address]),
    command(["alias"], { env: { MELLAMO_HOST: address } }),
    command(["alias", "--config", running.file]),
  ]);
  expect<Result[]>(answers).toEqual(answers.map(() => ({ status: 0, out: ROWS, err: "" })));
});

const COMMANDS: readonly string[][] = [[], ["set", "x", "y"], ["rm", "x"], ["show", "x"]];

test.concurrent.each(COMMANDS.map((args) => [args]))(
  "alias %j leaves the file alone where the named router does not answer",
  async (args) => {
    await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
    const nowhere = folder.at("nobody.sock");
    const env = { STATE_DIRECTORY: folder.path };
    const refusal = {
      status: 1,
      out: "",
      err: `Cannot reach mellamo at ${nowhere}: no such socket. Is it running? Start it with: mellamo\n`,
    };
    const cwd = folder.path;
    expect(await command(["alias", ...args, "--server", `unix:${nowhere}`], { cwd, env })).toEqual(refusal);
    const named = { ...env, MELLAMO_HOST: `unix:${nowhere}` };
    expect(await command(["alias", ...args], { cwd, env: named })).toEqual(refusal);
    expect(await Bun.file(folder.at("server.json")).text()).toBe('{"aliases":[]}');
  },
);

test.concurrent.each(["nonsense", "", "11435", "http://"])(
  "%j is no address, and nothing is changed",
  async (text) => {
    await using folder = await folderOf();
    const env = { STATE_DIRECTORY: folder.path };
    const set = await command(["alias", "set", "x", "y", "--server", text], { cwd: folder.path, env });
    expect(set).toEqual({
      status: 1,
      out: "",
      err: `"${text}" is no address of a server: expected "host:port", "unix:/path" or a URL\n`,
    });
    expect(await Bun.file(folder.at("server.json")).exists()).toBe(false);
  },
);
