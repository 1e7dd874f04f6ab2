/** What cannot change while the router runs is said wherever somebody may look, and stays as it was. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { command, type Mellamo, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { change, configState, NOTHING } from "../support/reloading.ts";
import { say } from "../support/say.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const LOCAL = `[server]\nlisten = "127.0.0.1:0"\n${NO_ENGINE}`;
const PUBLIC = `[server]\nlisten = "0.0.0.0:0"\n${NO_ENGINE}`;

async function foreignHost({ port }: Mellamo): Promise<number> {
  return (await say(port, "GET /healthz", ["Host: evil.example"])).status;
}

async function listenOf(router: Mellamo): Promise<string> {
  const status = (await (await fetch(`${router.url}/mellamo/status`)).json()) as { readonly listen: string };
  return status.listen;
}

test("the address: it is named in the answer, the log and the status, and the old one holds", async () => {
  await using router = await mellamo(LOCAL);
  const body = await change(router, PUBLIC);
  expect(body).toEqual({ config: router.file, changed: NOTHING, needs_restart: ["server.listen"] });
  await router.log.until(/level=warn event="needs a restart" settings=server\.listen/);
  expect((await configState(router)).needs_restart).toEqual(["server.listen"]);
  const { out } = await command(["status", "--server", router.url]);
  expect(out).toMatch(/^ +needs a restart +server\.listen$/m);
  expect(out).toMatch(/^listens on +127\.0\.0\.1:0$/m);
  expect(await listenOf(router)).toBe("127.0.0.1:0");
});

test("an address of this machine alone goes on turning foreign hosts away", async () => {
  await using router = await mellamo(LOCAL);
  expect(await foreignHost(router)).toBe(403);
  await change(router, PUBLIC);
  expect(await foreignHost(router)).toBe(403);
});

test("an address for everybody goes on letting foreign hosts in", async () => {
  await using router = await mellamo(PUBLIC);
  const local = { ...router, url: `http://127.0.0.1:${router.port}` };
  expect(await foreignHost(router)).toBe(200);
  await change(local, LOCAL);
  expect(await foreignHost(router)).toBe(200);
});

test("all else of the same file is in force", async () => {
  await using router = await mellamo(LOCAL);
  await change(router, `${PUBLIC}[aliases]\na = "m"\n`);
  const { aliases } = (await (await fetch(`${router.url}/api/aliases`)).json()) as {
    readonly aliases: readonly unknown[];
  };
  expect(aliases).toHaveLength(1);
});

test("nothing waits any more once the file says again what holds", async () => {
  await using router = await mellamo(LOCAL);
  await change(router, PUBLIC);
  expect((await change(router, LOCAL)).needs_restart).toEqual([]);
  expect((await configState(router)).needs_restart).toEqual([]);
});

test("a file with mistakes does not make anybody forget what waits", async () => {
  await using router = await mellamo(LOCAL);
  await change(router, PUBLIC);
  await change(router, `${PUBLIC}colour = 1\n`).catch(() => {});
  expect((await configState(router)).needs_restart).toEqual(["server.listen"]);
});

test("the file of the alias store: aliases are found and kept where they were", async () => {
  await using router = await mellamo(NO_ENGINE);
  const set = (alias: string): Promise<Response> =>
    fetch(`${router.url}/api/aliases`, { method: "POST", body: JSON.stringify({ alias, target: "m" }) });
  expect((await set("before")).status).toBe(200);
  const body = await change(router, `[store]\npath = "elsewhere.json"\n${NO_ENGINE}`);
  expect(body).toEqual({ config: router.file, changed: NOTHING, needs_restart: ["store.path"] });
  await router.log.until(/level=warn event="needs a restart" settings=store\.path/);
  expect((await configState(router)).needs_restart).toEqual(["store.path"]);
  expect((await set("after")).status).toBe(200);
  const folder = dirname(router.file);
  expect(await readFile(join(folder, "server.json"), "utf8")).toMatch(/before[^]*after|after[^]*before/);
  expect(existsSync(join(folder, "elsewhere.json"))).toBe(false);
  const listed = await (await fetch(`${router.url}/api/aliases`)).text();
  expect(listed).toContain("before");
  expect(listed).toContain("after");
});

test("both at once", async () => {
  await using router = await mellamo(LOCAL);
  // however often it is loaded
  for (let times = 0; times < 2; times++) {
    const { needs_restart: waiting } = await change(router, `${PUBLIC}[store]\npath = "elsewhere.json"\n`);
    expect(waiting).toEqual(["server.listen", "store.path"]);
  }
});
