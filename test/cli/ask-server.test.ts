/** `ls`, `ps` and `resolve` find the running router, or say in one line why they cannot ask it. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { command, type Mellamo, mellamo } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** A name that only the router of the test knows. */
const NAME = "only-here";

function router(listen: string): Promise<Mellamo> {
  return mellamo(`[server]\nlisten = "${listen}"\n[aliases]\n${NAME} = "m"\n`);
}

/** An address of this machine where nothing listens. */
async function nowhere(): Promise<string> {
  const backend = await rawBackend([], () => {});
  await backend.stop();
  return `127.0.0.1:${backend.port}`;
}

test("by --server and by $MELLAMO_HOST, as an address or a URL", async () => {
  await using running = await router("127.0.0.1:0");
  const { port } = running;
  const elsewhere = { MELLAMO_HOST: await nowhere() };
  const answers = await Promise.all([
    command(["ls", "--server", `127.0.0.1:${port}`], { env: elsewhere }),
    command(["ls", "--server", `localhost:${port}`]),
    command(["ls", "--server", `:${port}`]),
    command(["ls", "--server", `0.0.0.0:${port}`]),
    command(["ls", "--server", `http://127.0.0.1:${port}//`]),
    command(["ls"], { env: { MELLAMO_HOST: `127.0.0.1:${port}` } }),
    command(["ls"], { env: { MELLAMO_HOST: `http://localhost:${port}` } }),
  ]);
  expect(answers.map(({ err }) => err)).toEqual(answers.map(() => ""));
  expect(answers.map(({ out, status }) => out.includes(NAME) && status === 0)).toEqual(
    answers.map(() => true),
  );
});

test("by the address of the configuration, wherever that is found", async () => {
  await using running = await router("127.0.0.1:0");
  await using folder = await folderOf({
    "config.toml": `[server]\nlisten = "127.0.0.1:${running.port}"\n`,
    "everywhere.toml": `[server]\nlisten = ":${running.port}"\n`,
    "elsewhere.toml": `[server]\nlisten = "${await nowhere()}"\n`,
  });
  const cwd = folder.path;
  const env = { MELLAMO_HOST: `127.0.0.1:${running.port}` };
  const answers = await Promise.all([
    command(["ls"], { cwd }),
    command(["ls", "--config", "everywhere.toml"], { cwd }),
    command(["ls", "--config", "elsewhere.toml"], { cwd }),
    command(["ls", "--config", "elsewhere.toml"], { cwd, env }),
  ]);
  expect(answers.map(({ out }) => out.includes(NAME))).toEqual([true, true, false, true]);
  expect(answers.map(({ status }) => status)).toEqual([0, 0, 1, 0]);
});

test("on a Unix socket, by the option, the variable and the configuration", async () => {
  await using folder = await folderOf();
  const address = `unix:${folder.at("m.sock")}`;
  await using running = await router(address);
  const answers = await Promise.all([
    command(["ls", "--server", address]),
    command(["ls"], { env: { MELLAMO_HOST: address } }),
    command(["ls", "--config", running.file]),
    command(["ps", "--json", "--server", address]),
    command(["resolve", "--json", NAME, "--server", address]),
  ]);
  expect(answers.map(({ out }) => out.includes(NAME))).toEqual([true, true, true, false, true]);
  expect(answers.map(({ status }) => status)).toEqual([0, 0, 0, 0, 1]);
});

test("past the proxies of the environment", async () => {
  await using running = await router("127.0.0.1:0");
  const proxy = `http://${await nowhere()}`;
  const env = { HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy };
  const { out, err } = await command(["ls", "--server", `127.0.0.1:${running.port}`], { env });
  expect([err, out.includes(NAME)]).toEqual(["", true]);
});

test.concurrent.each(["ls", "ps", "resolve"])(
  "where no router runs, %s says so in one line",
  async (name) => {
    const address = await nowhere();
    const operands = name === "resolve" ? ["x"] : [];
    expect(await command([name, ...operands, "--server", address])).toEqual({
      status: 1,
      out: "",
      err: `Cannot reach mellamo at http://${address}: connection refused. Is it running? Start it with: mellamo\n`,
    });
  },
);

test.concurrent.each([
  [":9", "http://127.0.0.1:9"],
  ["0.0.0.0:9", "http://127.0.0.1:9"],
  ["[::]:9", "http://127.0.0.1:9"],
  ["[::1]:9", "http://[::1]:9"],
  ["127.0.0.2:9", "http://127.0.0.2:9"],
])("a router that listens on %s is asked at %s", async (server, url) => {
  const { err, status } = await command(["ls", "--server", server]);
  expect(err).toStartWith(`Cannot reach mellamo at ${url}: `);
  expect([err.split("\n").length, status]).toEqual([2, 1]);
});

test.concurrent("a Unix socket that is not there is one line that names it", async () => {
  await using folder = await folderOf();
  const { status, out, err } = await command(["ls", "--server", `unix:${folder.at("m.sock")}`]);
  expect(err).toStartWith("Cannot reach mellamo at ");
  expect(err).toContain(folder.at("m.sock"));
  expect([err.split("\n").length, out, status]).toEqual([2, "", 1]);
});

test.concurrent("another server is not taken for the router", async () => {
  await using other = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => Response.json({ models: [] }),
  });
  const url = other.url.origin;
  for (const args of [["ls"], ["ps", "--json"], ["resolve", "x"]]) {
    expect(await command([...args, "--server", url])).toEqual({
      status: 1,
      out: "",
      err: `${url} answers, but not like this version of mellamo: is it another program? See: mellamo doctor\n`,
    });
  }
});

test.concurrent.each(["localhost", "11435", "http://", "unix:", "ftp://host:1"])(
  "%s is no address",
  async (text) => {
    const err = `"${text}" is no address of a server: expected "host:port", "unix:/path" or a URL\n`;
    expect(await command(["ls", "--server", text])).toEqual({ status: 1, out: "", err });
    expect(await command(["ls"], { env: { MELLAMO_HOST: text } })).toEqual({ status: 1, out: "", err });
  },
);

test.concurrent("a bad configuration is told, and nobody is asked", async () => {
  await using folder = await folderOf({ "config.toml": "[server]\nlisen = 1\n" });
  expect(await command(["ls"], { cwd: folder.path })).toEqual({
    status: 1,
    out: "",
    err: 'config.toml:2:1: server.lisen: unknown key, did you mean "listen"?\n',
  });
});
