/** The compiled binary is one file that does the same wherever it is started, whatever lies around there. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { version } from "../../package.json" with { type: "json" };
import { buildCommand } from "../../scripts/build.ts";
import { HOSTILE } from "../../scripts/release/hostile.ts";
import { rawBackend } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { datagramsAt } from "../support/datagrams.ts";
import { within } from "../support/deadline.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv } from "../support/mellamo.ts";
import { inflight } from "../support/status.ts";

const ROOT = join(import.meta.dir, "..", "..");

/** The last second of a day, in UTC. */
const STAMP = { version, commit: "0123456789ab", epochS: 1_795_391_999 };

let folder: string;
let binary: string;
let hostile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mellamo-binary-"));
  binary = join(folder, "mellamo");
  const build = Bun.spawn([process.execPath, ...buildCommand(binary, STAMP)], {
    cwd: ROOT,
    stdout: "ignore",
    stderr: "pipe",
  });
  const [status, err] = await Promise.all([build.exited, build.stderr.text()]);
  if (status !== 0) throw new Error(err);

  hostile = join(folder, "hostile");
  await mkdir(hostile);
  await Promise.all(Object.entries(HOSTILE).map(([name, text]) => writeFile(join(hostile, name), text)));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = Bun.spawn([binary, ...args], {
    cwd: hostile,
    env: cleanEnv(),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { status, out, err };
}

test("--version says the version, commit and day it was built as", async () => {
  expect(await run("--version")).toEqual({
    status: 0,
    out: `mellamo ${version} (0123456789ab, 2026-11-22)\n`,
    err: "",
  });
});

test("--help, check and a mistake work in a folder that is out to harm it", async () => {
  expect((await run("--help")).out).toContain("Usage: mellamo");
  expect(await run("check")).toMatchObject({
    status: 0,
    out: expect.stringContaining("no configuration file: ok"),
    err: "",
  });
  expect(await run("chek")).toMatchObject({
    status: 2,
    err: expect.stringContaining('did you mean "check"?'),
  });
});

test("demo --once goes as told", async () => {
  const { status, out } = await run("demo", "--once");
  expect(out).toEndWith("All of it went as told.\n");
  expect(status).toBe(0);
}, 20_000);

test("it serves 1,000 streams at once, in the process that was started", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
  });
  const file = join(hostile, "config.toml");
  await writeFile(
    file,
    `[server]\nlisten = "127.0.0.1:0"\n[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n[aliases]\nx = "m"\n`,
  );
  // without an argument: the file is found in the folder
  const child = Bun.spawn([binary], { cwd: hostile, env: cleanEnv(), stdout: "ignore", stderr: "pipe" });
  const log = new Lines(child.stderr);
  const url = /url=(\S+)/.exec(await log.until(/event=listening/))?.[1] ?? "";
  if (process.platform === "linux") {
    expect(await Bun.file(`/proc/${child.pid}/environ`).text()).toContain(
      "BUN_CONFIG_MAX_HTTP_REQUESTS=65535",
    );
  }

  const clients: RawClient[] = [];
  for (let index = 0; index < 1000; index++) {
    const client = await rawClient(Number(new URL(url).port));
    client.send(post("/v1/chat/completions", '{"model":"x","stream":true}'));
    clients.push(client);
  }
  await within(10_000, Promise.all(clients.map((client) => client.until(/data: \{"model":"x"\}/))));
  expect(await inflight({ url })).toBe(1000);
  await within(1000, fetch(`${url}/api/tags`));
  for (const client of clients) client.leave();

  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
}, 30_000);

test("it would be installed as a service by a copy of itself, since it lies where no service looks", async () => {
  const { status, out, err } = await run("service", "install", "--print");
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain("\nExecStart=/usr/local/bin/mellamo serve --config /etc/mellamo/config.toml\n");
  expect(out).toContain(`\n#   copy ${binary} to /usr/local/bin/mellamo\n`);
});

test.skipIf(process.platform !== "linux")("it tells systemd that it is ready, lives and ends", async () => {
  const file = join(folder, "service.toml");
  await writeFile(file, '[server]\nlisten = "127.0.0.1:0"\n[[backend]]\nurl = "http://127.0.0.1:9"\n');
  const address = join(folder, "notify");
  using systemd = datagramsAt(address);
  const child = Bun.spawn([binary, "serve", "--config", file], {
    cwd: hostile,
    env: cleanEnv({ STATE_DIRECTORY: folder, NOTIFY_SOCKET: address, WATCHDOG_USEC: "40000" }),
    stdout: "ignore",
    stderr: "ignore",
  });
  expect(await systemd.until(/READY=1/)).toMatch(/^READY=1\nSTATUS=listens on http:\S+$/);
  await systemd.until(/^WATCHDOG=1$/);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  expect(systemd.all()).toContainEqual(expect.stringMatching(/^STOPPING=1\n/));
});
