/** `mellamo doctor` says who has the address that the router is to listen on, and whether that one runs with the same file. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";

import { version } from "../../package.json";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { type Diagnosis, doctor } from "../support/diagnosis.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { folderOf } from "../support/folder.ts";
import { mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

async function listeningOn(listen: string): Promise<Diagnosis> {
  await using folder = await folderOf({ "config.toml": `[server]\nlisten = "${listen}"\n${NO_ENGINE}` });
  return await doctor({ cwd: folder.path, env: { STATE_DIRECTORY: folder.path } });
}

const TAKEN = "end that, or choose another address by [server] listen or --listen";

test.concurrent("an engine that has the address is told by its kind, and by its process", async () => {
  await using ollama = await rawBackend(["m"], noSuchPath, "ollama");
  const { about, status } = await listeningOn(`127.0.0.1:${ollama.port}`);
  const { text, ...more } = about("listen address");
  expect(text).toStartWith(`127.0.0.1:${ollama.port} is taken (Ollama`);
  if (process.platform === "linux") expect(text).toContain(`, process ${process.pid})`);
  expect([more, status]).toEqual([{ what: "listen address", state: "fault", remedy: TAKEN }, 1]);
});

test.concurrent("so is a program that says nothing, or does not speak HTTP", async () => {
  for (const greet of ["", "220 mail.example ESMTP\r\n"]) {
    using other = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data() {}, open: (socket) => void (greet !== "" && socket.end(greet)) },
    });
    const { about } = await listeningOn(`127.0.0.1:${other.port}`);
    expect(about("listen address")).toMatchObject({
      state: "fault",
      text: expect.stringContaining(
        process.platform === "linux" ? `, process ${process.pid})` : "(another program)",
      ),
      remedy: TAKEN,
    });
  }
});

test.concurrent(
  "a mellamo that tells less of itself than this one knows to read is one of another version",
  async () => {
    const headers = { via: "1.1 mellamo-01234567" };
    await using older = fakeEngine({
      pages: { "/mellamo/status": { version: "0.0.1" } },
      others: () => Response.json({ data: [] }, { headers }),
    });
    const { about } = await listeningOn(new URL(older.url).host);
    expect(about("listen address").text).toStartWith(
      `${new URL(older.url).host} is taken (a mellamo of another version`,
    );
  },
);

test.concurrent("an address that this machine does not have is a fault", async () => {
  const { about } = await listeningOn("192.0.2.1:11435");
  expect(about("listen address")).toMatchObject({
    state: "fault",
    text: "192.0.2.1:11435: this machine has no such address",
    remedy: 'choose one that it has, or ":PORT" for all of them, by [server] listen or --listen',
  });
});

test.concurrent("nor is one taken that is another machine's, of IPv6, too", async () => {
  const { about } = await listeningOn("[2001:db8::1]:11435");
  expect(about("listen address")).toMatchObject({
    state: "fault",
    text: "[2001:db8::1]:11435: this machine has no such address",
    remedy: 'choose one that it has, or ":PORT" for all of them, by [server] listen or --listen',
  });
});

test.concurrent("a host name that nobody knows is told as such", async () => {
  const { about } = await listeningOn("nosuchhost.invalid:11435");
  expect(about("listen address")).toMatchObject({
    state: "fault",
    text: "nosuchhost.invalid:11435: its host name is not known",
    remedy:
      "look at its spelling, and at the name servers of this machine, or write an address, by [server] listen or --listen",
  });
});

test.concurrent(
  "a Unix socket wants a folder, and nothing else in its place; one that is left behind is no obstacle",
  async () => {
    await using folder = await folderOf({ file: "mine" });
    const about = async (name: string): Promise<object> =>
      (await listeningOn(`unix:${folder.at(name)}`)).about("listen address");
    expect(await about("m.sock")).toMatchObject({
      state: "ok",
      text: `unix:${folder.at("m.sock")} is free: no mellamo runs there`,
    });
    expect(await about("nope/m.sock")).toMatchObject({
      state: "fault",
      text: `unix:${folder.at("nope/m.sock")}: no such folder`,
      remedy: `make it: mkdir -p ${folder.at("nope")}`,
    });
    expect(await about("file")).toMatchObject({
      state: "fault",
      text: `unix:${folder.at("file")}: something else than a socket is there`,
      remedy: "move it away, or choose another path by [server] listen",
    });
    await using killed = await mellamo(`[server]\nlisten = "unix:${folder.at("left.sock")}"\n${NO_ENGINE}`);
    expect(await about("left.sock")).toMatchObject({
      state: "ok",
      text: expect.stringMatching(/^mellamo .* runs at/),
    });
    await killed.end("SIGKILL");
    expect(await about("left.sock")).toMatchObject({ state: "ok", text: expect.stringContaining("is free") });
  },
);

test.concurrent("a mellamo that runs there is told; if it runs with another file, that, too", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  await using router = await mellamo(backendTable("gpu", gpu.url));
  await router.log.until(/backend up/);
  const text = (await Bun.file(router.file).text()).replace("127.0.0.1:0", `127.0.0.1:${router.port}`);
  await using folder = await folderOf({ "config.toml": text });
  const other = await doctor({ cwd: folder.path });
  expect(other.about("listen address")).toEqual({
    what: "listen address",
    state: "ok",
    text: expect.stringMatching(
      new RegExp(`^mellamo ${RegExp.escape(version)}\\S* runs at ${router.url}$`),
    ) as never,
  });
  expect(other.wrong).toEqual([
    {
      what: "running mellamo",
      state: "warn",
      text: `it runs with ${router.file}, and this is ${folder.at("config.toml")}`,
      remedy: `mellamo doctor --config ${router.file}`,
    },
  ]);
  expect(other.status).toBe(0);
  // its store is the one that matters
  expect(other.about("alias store").text).toBe(
    `${router.file.replace("config.toml", "server.json")} is made with the first alias`,
  );
});

test.concurrent(
  "what a mellamo that runs has not taken from its file is a fault, or waits for a restart",
  async () => {
    await using folder = await folderOf();
    await mkdir(folder.at("state"));
    const socket = folder.at("m.sock");
    const head = `[server]\nlisten = "unix:${socket}"\n`;
    await using router = await mellamo(`${head}${NO_ENGINE}`);
    const here = { cwd: folder.path };
    await writeFile(router.file, `${head}drain = 5\n${NO_ENGINE}`);
    await router.log.until(/configuration not loaded/);
    const bad = await doctor(here, "--config", router.file);
    expect(bad.about("configuration").text).toBe(
      `${router.file}:3:1: server.drain: expected a duration such as "2s", got 5`,
    );
    await writeFile(router.file, `${head}${NO_ENGINE}[store]\npath = "other.json"\n`);
    await router.log.until(/needs a restart/);
    const waiting = await doctor(here, "--config", router.file);
    expect(waiting.about("running mellamo")).toEqual({
      what: "running mellamo",
      state: "warn",
      text: "store.path of the file is not in force",
      remedy: "restart it",
    });
    // an empty file is not taken by itself, and has no mistakes
    await writeFile(router.file, "");
    await router.log.until(/is empty/);
    const env = { MELLAMO_CONFIG: router.file, GOLLAMAS_LISTEN: `unix:${socket}` };
    const empty = await doctor({ ...here, env });
    expect(empty.about("running mellamo")).toEqual({
      what: "running mellamo",
      state: "fault",
      text: `it has not taken the file: ${router.file} is empty: only SIGHUP loads that`,
      remedy: "save the file again, or: kill -HUP its process",
    });
  },
);

test.concurrent("a backend that is where the router listens itself is a fault", async () => {
  await using free = await rawBackend([], () => {});
  await free.stop();
  await using folder = await folderOf({
    "config.toml": `[server]\nlisten = ":${free.port}"\n${backendTable("me", free.url)}`,
  });
  const { about } = await doctor({ cwd: folder.path });
  expect(about("backend me")).toMatchObject({
    state: "fault",
    text: `${free.url} is where mellamo listens itself`,
    remedy: "take it out: a router cannot be its own backend",
  });
});
