/** `mellamo doctor` says of each backend which engine it is or, if it cannot be used, why, and what to do about it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { type AddressInfo, createServer, type Socket } from "node:net";

import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { selfSigned } from "../support/certificate.ts";
import { doctor, type Said } from "../support/diagnosis.ts";
import { LLAMA_LOADING } from "../support/engine-shapes.ts";
import { canned, fakeEngine } from "../support/fake-engine.ts";
import { folderOf } from "../support/folder.ts";
import type { Place } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { among, CAN_SEPARATE } from "../support/own-network.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** What is said of a backend at a URL; `more` is the rest of its table. */
async function about(url: string, more = "", place: Place = {}): Promise<Said & { readonly status: number }> {
  await using folder = await folderOf({
    "config.toml": `[server]\nlisten = "127.0.0.1:0"\n${backendTable("gpu", url, more)}`,
  });
  const env = { STATE_DIRECTORY: folder.path };
  const { status, about: said } = await doctor({ ...place, cwd: folder.path, env });
  return { ...said("backend gpu"), status };
}

/** A server on a raw socket that does this to whoever connects. */
async function stranger(
  greet: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    greet(socket);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

const KEY = 'put its key into its table: key = "${NAME}", with NAME in the environment of mellamo';

test.concurrent(
  "one that is up is told with its engine, its version and the number of its models",
  async () => {
    await using gpu = await rawBackend(["m", "n", "o"], noSuchPath, "ollama");
    expect(await about(gpu.url)).toEqual({
      what: "backend gpu",
      state: "ok",
      text: `Ollama 0.33.0 at ${gpu.url} (models: 3)`,
      status: 0,
    });
  },
);

test.concurrent("connection refused: is the engine started?", async () => {
  expect(await about(NOBODY)).toEqual({
    what: "backend gpu",
    state: "fault",
    text: `${NOBODY}: connection refused`,
    remedy: "start the engine; if it runs, does it listen on port 9?",
    status: 1,
  });
});

test.concurrent("connection refused by another machine: does it listen for others?", async () => {
  // an address that is this machine's, and does not look it
  expect(await about("http://0.0.0.0:9")).toMatchObject({
    state: "fault",
    text: "http://0.0.0.0:9: connection refused",
    remedy:
      "start the engine on 0.0.0.0; if it runs, does it listen on port 9, and for other machines (an Ollama: OLLAMA_HOST=0.0.0.0)?",
  });
});

test.concurrent("a name that nobody knows: is it spelled right?", async () => {
  expect(await about("http://wrokstation.test:11434")).toMatchObject({
    state: "fault",
    // a machine may have no network
    text: expect.stringMatching(/^http:\/\/wrokstation.test:11434: (host not found|no name server answers)$/),
    remedy:
      'look at the spelling of "wrokstation.test" in its url, and at the name servers of this machine, or write an address',
  });
});

test.skipIf(!CAN_SEPARATE)("a machine that cannot be reached: is it on, and in this network?", async () => {
  expect(await about("http://192.0.2.1:11434", "", { through: among() })).toMatchObject({
    state: "fault",
    text: "http://192.0.2.1:11434: network unreachable",
    remedy: "is the machine on, and in this network? Does a firewall let the port through?",
  });
});

test.concurrent("one that takes connections and says nothing", async () => {
  await using silent = await rawBackend(["m"], () => {});
  silent.list(undefined);
  expect(await about(silent.url, 'probe_timeout = "200ms"')).toMatchObject({
    state: "fault",
    text: `${silent.url}: no answer in time`,
    remedy: expect.stringContaining("If the engine is only slow to answer, raise probe_timeout"),
  });
});

test.concurrent.each([
  [401, "", "refuses with status 401: its key is missing", KEY],
  [401, 'key = "wrong"', "refuses with status 401: its key is wrong", KEY],
  [
    403,
    "",
    "refuses with status 403: for its key, or for the host's name",
    `${KEY}; an Ollama refuses names that it does not know: write 127.0.0.1`,
  ],
  [508, "", "leads back to this router", "take it out: a router cannot be its own backend"],
])("one that refuses with status %i, with %j in its table", async (status, more, why, remedy) => {
  await using closed = fakeEngine({ pages: {}, others: () => new Response("no", { status }) });
  expect(await about(closed.url, more)).toMatchObject({
    state: "fault",
    text: `${closed.url}: ${why}`,
    remedy,
  });
});

test.concurrent("a URL with https where there is no TLS, and one without where there is", async () => {
  await using plain = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  expect(await about(`https://127.0.0.1:${plain.port}`)).toMatchObject({
    state: "fault",
    remedy: "write http:// in its url, rather than https://",
  });
  await using secure = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: await selfSigned(),
    fetch: () => new Response(),
  });
  expect(await about(`http://127.0.0.1:${secure.port}`)).toMatchObject({
    state: "fault",
    remedy: "look at the port in its url: another program seems to have it, or it wants https://",
  });
  expect(await about(`https://127.0.0.1:${secure.port}`)).toMatchObject({
    state: "fault",
    remedy:
      "let mellamo trust its certificate: NODE_EXTRA_CA_CERTS=FILE in its environment, FILE being the authority's",
  });
});

test.concurrent("a port of a program that does not speak HTTP", async () => {
  await using chatty = await stranger((socket) => socket.end("220 mail.example ESMTP\r\n"));
  expect(await about(`http://127.0.0.1:${chatty.port}`)).toMatchObject({
    state: "fault",
    text: `http://127.0.0.1:${chatty.port}: the answer is not HTTP`,
    remedy: "look at the port in its url: another program seems to have it, or it wants https://",
  });
  await using shut = await stranger((socket) => socket.end());
  expect(await about(`http://127.0.0.1:${shut.port}`)).toMatchObject({
    text: `http://127.0.0.1:${shut.port}: connection closed without an answer`,
    remedy: "look at the port in its url: another program seems to have it, or it wants https://",
  });
});

test.concurrent("a web page is no engine", async () => {
  await using page = fakeEngine({ pages: {}, others: () => new Response("<html>") });
  expect(await about(page.url)).toMatchObject({
    state: "fault",
    text: `${page.url}: answers, but like no known engine`,
    remedy: expect.stringContaining("look at its url"),
  });
});

test.concurrent("an engine of another kind than the configuration says is recognised", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  expect(await about(gpu.url, 'engine = "ollama"')).toMatchObject({
    state: "fault",
    text: `${gpu.url}: does not list models as Ollama does (it may still be starting)`,
    remedy: 'it is OpenAI-compatible: write engine = "openai", or leave engine out',
  });
});

test.concurrent("one that is another mellamo is told as such; one that is drained, too", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath, "ollama");
  await using inner = await routerOver({ gpu: { url: gpu.url } });
  expect(await about(inner.url)).toMatchObject({
    state: "ok",
    text: `another mellamo at ${inner.url} (models: 1)`,
  });
  await using folder = await folderOf();
  await using outer = await routerOver(
    { gpu: { url: gpu.url } },
    `[server]\nlisten = "unix:${folder.at("m.sock")}"\n`,
  );
  await fetch("http://localhost/mellamo/backends/gpu/drain", {
    method: "POST",
    body: "{}",
    unix: folder.at("m.sock"),
  });
  const drained = await doctor({ cwd: folder.path }, "--config", outer.file);
  expect(drained.about("backend gpu")).toEqual({
    what: "backend gpu",
    state: "warn",
    text: `Ollama 0.33.0 at ${gpu.url} (models: 1): drained`,
    remedy: "mellamo backend resume gpu",
  });
});

test.concurrent("one that is not ready yet is worth a warning", async () => {
  await using loading = fakeEngine(LLAMA_LOADING);
  expect(await about(loading.url)).toMatchObject({
    state: "warn",
    text: `${loading.url} is still loading its model`,
    status: 0,
  });
});

test.concurrent("one without models is worth a warning, with the way to get some", async () => {
  await using empty = await rawBackend([], noSuchPath, "ollama");
  expect(await about(empty.url)).toMatchObject({
    state: "warn",
    remedy: "mellamo pull NAME --backend gpu",
    status: 0,
  });
  await using other = canned({ "/v1/models": { data: [{ id: "m" }] } });
  expect(await about(other.url, 'exclude = ["*"]')).toMatchObject({
    state: "warn",
    text: `OpenAI-compatible at ${other.url} (models: 0)`,
    remedy: "load a model in it, or look at its include and exclude",
  });
});
