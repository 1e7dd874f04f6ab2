/** A configuration that changes while the router ends, or has just begun, gets in nobody's way. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";

import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { folderOf } from "../support/folder.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, listening, type Mellamo, mellamo, PROGRAM } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { save, table } from "../support/reloading.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(60_000);

const SOON_MS = 10_000;

/** Sends SIGHUP again and again until the process is gone. */
async function hangUp(router: Mellamo, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    try {
      process.kill(router.pid, "SIGHUP");
    } catch {
      return;
    }
    await Bun.sleep(1);
  }
}

test("a router that is told to end while it sees a change ends, though the new engine is silent", async () => {
  await using silent = await rawBackend(["m"], () => {});
  silent.list(undefined);
  const slow = `[health]\nprobe_timeout = "10m"\n${table("silent", silent)}`;
  const statuses = Array.from({ length: 8 }, async (_, turn) => {
    await using router = await mellamo(NO_ENGINE);
    await save(router, slow);
    await Bun.sleep(turn * 100);
    return await within(SOON_MS, router.end("SIGTERM"));
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set([0]));
});

test("a router that ends lets a stream finish, however often it is told to reload", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
  });
  await using router = await mellamo(table("b", backend));
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
  await client.until(/data: /);
  const status = router.end("SIGTERM");
  await router.log.until(/event=ending/);
  await save(router, NO_ENGINE);
  const hangingUp = hangUp(router, status);
  await router.log.until(/event="configuration loaded" .*-b/);
  const talk = await backend.talk(0);
  await talk.chunk('data: {"model":"m"}\n\n');
  await talk.chunk("");
  expect(await within(SOON_MS, status)).toBe(0);
  await hangingUp;
  expect(client.received().match(/data: /g)).toHaveLength(2);
  expect(client.received()).toEndWith("0\r\n\r\n");
});

test("a router that is told to reload until its last moment ends as it should", async () => {
  const statuses = Array.from({ length: 5 }, async () => {
    await using router = await mellamo(NO_ENGINE);
    const status = router.end("SIGTERM");
    void hangUp(router, status);
    return await within(SOON_MS, status);
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set([0]));
});

test("a file that is saved while the router starts is in force once it runs", async () => {
  await using folder = await folderOf({ "config.toml": listening(NO_ENGINE) });
  const file = folder.at("config.toml");
  const child = Bun.spawn([...PROGRAM, "serve", "--config", file], {
    cwd: folder.path,
    env: cleanEnv({ STATE_DIRECTORY: folder.path }),
    stdout: "ignore",
    stderr: "pipe",
  });
  try {
    const log = new Lines(child.stderr);
    await log.until(/event=start /);
    await writeFile(file, listening(`${NO_ENGINE}[aliases]\nlate = "m"\n`));
    await log.until(/event="configuration loaded" .*\+late/);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});
