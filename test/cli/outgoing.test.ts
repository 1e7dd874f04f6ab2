/** Bun's limit of outgoing requests is raised by the program itself: no wrapper, and no process but the one started. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFile, readlink } from "node:fs/promises";

import { rawBackend } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { folderOf } from "../support/folder.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, type Mellamo, mellamo, PROGRAM } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { inflight } from "../support/status.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const VARIABLE = "BUN_CONFIG_MAX_HTTP_REQUESTS";

/** Files of `/proc` hold texts that end with a null character each. */
async function textsOf(pid: number, file: "environ" | "cmdline"): Promise<string[]> {
  return (await readFile(`/proc/${pid}/${file}`, "utf8")).split("\0").slice(0, -1);
}

async function limitOf(router: Mellamo): Promise<string | undefined> {
  const line = (await textsOf(router.pid, "environ")).find((text) => text.startsWith(`${VARIABLE}=`));
  return line?.slice(VARIABLE.length + 1);
}

const onLinux = test.skipIf(process.platform !== "linux");

onLinux("the process that was started runs with the limit raised", async () => {
  await using router = await mellamo(NO_ENGINE, { isLimited: true });
  expect(Number(await limitOf(router))).toBeGreaterThanOrEqual(60_000);
  expect(await textsOf(router.pid, "cmdline")).toEqual([...PROGRAM, "serve", "--config", router.file]);
  expect(await router.end("SIGTERM")).toBe(0);
});

onLinux.each(["300", "1", ""])("a limit that the user has set to %j stays", async (value) => {
  await using router = await mellamo(NO_ENGINE, { env: { [VARIABLE]: value } });
  expect(await limitOf(router)).toBe(value);
});

onLinux("arguments, folder and environment are as they were given", async () => {
  const name = 'with blank, "quotes", $HOME; & ü.toml';
  await using folder = await folderOf({ [name]: `[server]\nlisten = "\${WHERE}"\n${NO_ENGINE}` });
  const child = Bun.spawn([...PROGRAM, "--config", name], {
    cwd: folder.path,
    env: cleanEnv({ WHERE: "127.0.0.1:0", ODD: "a=b\nc" }),
    stdout: "ignore",
    stderr: "pipe",
  });
  try {
    await new Lines(child.stderr).until(/event=listening/);
    expect(await textsOf(child.pid, "cmdline")).toEqual([...PROGRAM, "--config", name]);
    expect(await readlink(`/proc/${child.pid}/cwd`)).toBe(folder.path);
    expect(await textsOf(child.pid, "environ")).toContain("ODD=a=b\nc");
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});

test("three hundred requests at once all reach the backend, and lists are still answered", async () => {
  const many = 300;
  await using backend = await rawBackend(["m"], () => {});
  await using router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`, {
    isLimited: true,
  });
  const clients: RawClient[] = [];
  for (let index = 0; index < many; index++) {
    const client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m"}'));
    clients.push(client);
  }
  await backend.talk(many - 1);
  expect(await inflight(router)).toBe(many);
  const list = await fetch(`${router.url}/v1/models`);
  expect(await list.json()).toMatchObject({ data: [{ id: "m" }] });
  for (const client of clients) client.leave();
});
