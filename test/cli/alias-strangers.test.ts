/** Where something else than a router answers, or nobody does in time, `mellamo alias` says so and changes no file. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";

import { type Folder, folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a router has ten seconds to answer
setDefaultTimeout(60_000);

const COMMANDS: readonly string[][] = [
  ["alias"],
  ["alias", "set", "x", "y"],
  ["alias", "rm", "x"],
  ["status"],
];

/** Something that listens on a socket of the folder, and takes what comes. */
async function listener(folder: Folder, take: (socket: Socket) => void): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    take(socket);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(folder.at("m.sock"), resolve);
  await promise;
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function answering(status: number, type: string, body: string): (socket: Socket) => void {
  const head = `HTTP/1.1 ${status} Said\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n`;
  return (socket) => void socket.on("data", () => socket.end(`${head}Connection: close\r\n\r\n${body}`));
}

/** What each command says when the configuration leads to this, and whether there is a store afterwards. */
async function strangersAnswer(take: (socket: Socket) => void): Promise<unknown[]> {
  await using folder = await folderOf();
  await Bun.write(folder.at("config.toml"), `[server]\nlisten = "unix:${folder.at("m.sock")}"\n`);
  await using _listener = await listener(folder, take);
  const place = { cwd: folder.path, env: { STATE_DIRECTORY: folder.path } };
  const results = await Promise.all(COMMANDS.map((args) => command(args, place)));
  const told = results.map(({ status, out, err }) => [
    status,
    out,
    err.replace(folder.at("m.sock"), "SOCKET"),
  ]);
  return [...told, await Bun.file(folder.at("server.json")).exists()];
}

function all(line: string): unknown[] {
  return [...COMMANDS.map(() => [1, "", `${line}\n`]), false];
}

test.concurrent.each([
  ["a page of the web", answering(200, "text/html", "<html>")],
  ["a server that answers 200 to everything", answering(200, "application/json", "{}")],
  [
    "an engine that complains with 200",
    answering(200, "application/json", '{"error":"Unexpected endpoint"}'),
  ],
  ["an engine without such a path", answering(404, "text/plain", "404 page not found")],
])("%s is not taken for a router", async (_, take) => {
  expect(await strangersAnswer(take)).toEqual(
    all("SOCKET answers, but not like this version of mellamo: is it another program? See: mellamo doctor"),
  );
});

test.concurrent.each([
  ["hangs up", "", "connection closed without an answer"],
  ["speaks another language", "SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP"],
])("what %s is not taken for a router, nor for none", async (_, text, why) => {
  const take = (socket: Socket) => void socket.on("data", () => socket.end(text));
  expect(await strangersAnswer(take)).toEqual(all(`Cannot reach mellamo at SOCKET (by config.toml): ${why}`));
});

test.concurrent(
  "a router that hangs is waited for, but not forever, and its file is left to it",
  async () => {
    const hangs = (): void => {};
    expect(await strangersAnswer(hangs)).toEqual(
      all("Cannot reach mellamo at SOCKET (by config.toml): no answer in time"),
    );
  },
);
