/** Commands find the running router though the file on the disk is broken, and say where they looked for it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { appendFile } from "node:fs/promises";

import { aliasFolder } from "../support/alias-folder.ts";
import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test.concurrent.each(['bad = = "x"', "[[backend]\n", '"', "[aliases]\na.b. = 1"])(
  "status finds the router, and tells what is wrong with the file, though that ends with %j",
  async (broken) => {
    await using here = await aliasFolder("in the file", NO_ENGINE);
    const router = await here.serve();
    await appendFile(router.file, `\n${broken}\n`);
    await router.log.until(/event="configuration not loaded"/);
    await appendFile(here.folder.at("config.toml"), `\n${broken}\n`);
    const { status, out, err } = await here.run("status");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/file now bad +.*invalid TOML/);
  },
);

test.concurrent("a user is told where the address is from that nobody listens on", async () => {
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "127.0.0.1:9"\n' });
  const { err } = await command(["ls"], { cwd: folder.path });
  expect(err).toBe(
    "Cannot reach mellamo at http://127.0.0.1:9 (by config.toml): connection refused. Is it running? " +
      "Start it with: mellamo. If it listens elsewhere: --server HOST:PORT\n",
  );
});

test.concurrent("what a server says is printed, but no terminal obeys it", async () => {
  const evil = "\u001b]0;pwned\u0007\u001b[2J\nfake row";
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      Response.json({ aliases: [{ alias: evil, target: evil, source: "stored", shadowed: false }] }),
  });
  const { out, status } = await command(["alias", "--server", `127.0.0.1:${server.port}`]);
  expect(status).toBe(0);
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(out.trimEnd().split("\n")).toHaveLength(2);
});

test.concurrent("an answer without end is given up", async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(0x20);
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      new Response(
        (async function* () {
          for (;;) yield await Promise.resolve(chunk);
        })(),
      ),
  });
  const { err, status } = await command(["ls", "--server", `127.0.0.1:${server.port}`]);
  expect(status).toBe(1);
  expect(err).toStartWith(`Cannot reach mellamo at http://127.0.0.1:${server.port}: `);
});
