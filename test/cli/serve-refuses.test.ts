/** A router that cannot run says why in one clear line, ends with 1, and leaves nothing running. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { command, mellamo, type Result } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** How long a router that refuses may take to end. */
const DEADLINE_MS = 15_000;

/** What a router tells people rather than logs, and how it ends. */
async function refusal(
  args: readonly string[],
  cwd?: string,
): Promise<Pick<Result, "status" | "out" | "err">> {
  const result = await within(DEADLINE_MS, command(args, cwd === undefined ? {} : { cwd }));
  return { ...result, err: result.err.replace(/^time=.*\n/gm, "") };
}

async function serveOn(listen: string): Promise<Pick<Result, "status" | "out" | "err">> {
  await using folder = await folderOf({ "config.toml": `[server]\nlisten = "${listen}"\n${NO_ENGINE}` });
  return await refusal(["serve", "--config", folder.at("config.toml")]);
}

test.concurrent("an address that another program has is refused", async () => {
  await using other = await rawBackend([], () => {});
  const address = `127.0.0.1:${other.port}`;
  expect(await serveOn(address)).toEqual({
    status: 1,
    out: "",
    err: `Cannot listen on ${address}: the address is in use: is another mellamo running? Else choose another by [server] listen or --listen\n`,
  });
});

test("a second router on the same port is refused, and the first goes on", async () => {
  await using first = await mellamo(NO_ENGINE);
  const address = `127.0.0.1:${first.port}`;
  expect(await serveOn(address)).toEqual({
    status: 1,
    out: "",
    err: `Cannot listen on ${address}: the address is in use: is another mellamo running? Else choose another by [server] listen or --listen\n`,
  });
  for (let turn = 0; turn < 5; turn++) expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
});

test("a second router on the same Unix socket is refused, and the first goes on", async () => {
  await using folder = await folderOf();
  const socket = folder.at("m.sock");
  await using _first = await mellamo(`[server]\nlisten = "unix:${socket}"\n${NO_ENGINE}`);
  expect(await serveOn(`unix:${socket}`)).toEqual({
    status: 1,
    out: "",
    err: `Cannot listen on unix:${socket}: the address is in use: is another mellamo running? Else choose another by [server] listen or --listen\n`,
  });
  expect((await fetch("http://localhost/healthz", { unix: socket })).status).toBe(200);
});

test.concurrent("an address that this machine does not have is refused", async () => {
  expect(await serveOn("192.0.2.1:11435")).toEqual({
    status: 1,
    out: "",
    err: `Cannot listen on 192.0.2.1:11435: this machine has no such address: choose one that it has, or ":PORT" for all of them, by [server] listen or --listen\n`,
  });
});

test.concurrent("a host name that nobody knows is refused", async () => {
  expect(await serveOn("nosuchhost.invalid:11435")).toEqual({
    status: 1,
    out: "",
    err: "Cannot listen on nosuchhost.invalid:11435: its host name is not known: look at its spelling, and at the name servers of this machine, or write an address, by [server] listen or --listen\n",
  });
});

test.concurrent("a Unix socket in a folder that is not there is refused", async () => {
  await using folder = await folderOf();
  const socket = folder.at("nope/m.sock");
  expect(await serveOn(`unix:${socket}`)).toEqual({
    status: 1,
    out: "",
    err: `Cannot listen on unix:${socket}: no such folder: make it, or choose another by [server] listen or --listen\n`,
  });
});

test.concurrent.each([
  ["is not there", (folder: Folder) => folder.at("nope.toml"), "no such file"],
  ["is a folder", (folder: Folder) => folder.path, "it is a folder"],
])("a configuration that %s is refused", async (_, pathIn, why) => {
  await using folder = await folderOf();
  const path = pathIn(folder);
  const err = `Cannot read configuration "${path}": ${why}\n`;
  expect(await refusal(["serve", "--config", path])).toEqual({ status: 1, out: "", err });
  expect(await refusal(["--config", path])).toEqual({ status: 1, out: "", err });
});

test.concurrent(
  "every mistake of a configuration is told, and no backend is asked for anything",
  async () => {
    let asked = 0;
    await using backend = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch() {
        asked++;
        return new Response();
      },
    });
    await using folder = await folderOf({
      "config.toml": `[server]\nlisten = "127.0.0.1:0"\n[[backend]]\nurl = "${backend.url.origin}"\ncolour = 1\n[log]\nlevel = 2\n`,
      "broken.toml": "[server\n",
    });
    const cwd = folder.path;
    expect(await within(DEADLINE_MS, command([], { cwd }))).toEqual({
      status: 1,
      out: "",
      err: [
        "config.toml:5:1: backend.0.colour: unknown key",
        'config.toml:7:1: log.level: expected "debug", "info", "warn", "error", got 2',
        "",
      ].join("\n"),
    });
    const broken = await within(DEADLINE_MS, command(["--config", "broken.toml"], { cwd }));
    expect(broken.err).toMatch(/^broken\.toml:1:\d+: invalid TOML: .+\n$/);
    expect([broken.status, asked]).toEqual([1, 0]);
  },
);
