/**
 * A port that lists a model like an OpenAI-compatible server, and like an Ollama, and can go deaf: connections to it are
 * neither accepted nor refused from then on, as those to a machine that has lost its power.
 */

import { connect, type Socket } from "node:net";

import { Lines } from "./lines.ts";

const BACKLOG = 1;

const LISTENER = `
const { createServer } = require("node:net");
const body = '{"data":[{"id":"m"}],"models":[{"name":"m"}]}';
const server = createServer((socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: " + body.length + "\\r\\n\\r\\n" + body)));
server.listen({ port: 0, host: "127.0.0.1", backlog: ${BACKLOG} }, () => console.log(server.address().port));
`;

export interface DeafPort extends AsyncDisposable {
  readonly url: string;
  goDeaf(): Promise<void>;
}

export async function deafPort(): Promise<DeafPort> {
  const child = Bun.spawn([process.execPath, "-e", LISTENER], { stdout: "pipe", stderr: "ignore" });
  const port = Number(await new Lines(child.stdout).until(/^\d+$/));
  const fillers: Socket[] = [];
  return {
    url: `http://127.0.0.1:${port}`,
    // the kernel completes connections until the queue of a process that does not take them is full
    async goDeaf() {
      child.kill("SIGSTOP");
      for (let pending = false; !pending;) {
        const socket = connect(port, "127.0.0.1");
        fillers.push(socket);
        socket.on("error", () => {});
        const { promise, resolve } = Promise.withResolvers<boolean>();
        socket.once("connect", () => resolve(false));
        const timer = setTimeout(() => resolve(true), 300);
        pending = await promise;
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of fillers) socket.destroy();
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
