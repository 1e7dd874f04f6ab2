/** A router that systemd has started tells it when it is ready, that it lives, and that it ends. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { datagramsTo } from "../../src/systemd/datagrams.ts";
import { rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { type Datagrams, datagramsAt } from "../support/datagrams.ts";
import { eventually, within } from "../support/deadline.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, mellamo, PROGRAM } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const onLinux = test.skipIf(process.platform !== "linux");

const SOON_MS = 10_000;
const BEAT_MS = 20;
/** systemd wants to hear of it every so often: twice the time between two beats. */
const WATCHED = { WATCHDOG_USEC: String(BEAT_MS * 2 * 1000) };
const STUCK_LOOP = { BUN_OPTIONS: `--preload=${join(import.meta.dir, "..", "support", "stuck-loop.ts")}` };

/** Systemd's end of the way, at a path in the folder. */
function listen(folder: Folder): Datagrams & { readonly env: Readonly<Record<string, string>> } {
  const address = folder.at("notify");
  return { ...datagramsAt(address), env: { NOTIFY_SOCKET: address } };
}

function beats(systemd: Datagrams): number {
  return systemd.all().filter((text) => text === "WATCHDOG=1").length;
}

onLinux.each([
  ["a path", (folder: Folder) => folder.at("notify")],
  ["an abstract name", () => `@mellamo-test/${crypto.randomUUID()}`],
])("at %s it hears of a router that answers already, and of its end", async (_, addressOf) => {
  await using folder = await folderOf();
  const address = addressOf(folder);
  using systemd = datagramsAt(address);
  await using router = await mellamo(`[server]\ndrain = "75s"\n${NO_ENGINE}`, {
    env: { NOTIFY_SOCKET: address },
  });
  const [, url = ""] = /^READY=1\nSTATUS=listens on (http:\S+)$/.exec(await systemd.until(/READY/)) ?? [];
  expect(url).toBe(router.url);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await router.end("SIGTERM")).toBe(0);
  const states = systemd.all().slice(1);
  // it is given more time than running requests have
  expect(states).toEqual([
    "STOPPING=1\nSTATUS=finishes what is running (requests: 0)\nEXTEND_TIMEOUT_USEC=85000000",
  ]);
});

onLinux(
  "what is running when it is told to end is in its words, and it lives until that is done",
  async () => {
    await using folder = await folderOf();
    using systemd = listen(folder);
    await using backend = await rawBackend(["m"], () => {});
    await using router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`, {
      env: { ...systemd.env, ...WATCHED },
    });
    using client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m"}'));
    const talk = await backend.talk(0);
    const status = router.end("SIGTERM");
    expect(await systemd.until(/STOPPING=1/)).toContain("STATUS=finishes what is running (requests: 1)\n");
    const before = beats(systemd);
    await eventually(SOON_MS, () => beats(systemd) > before + 2);
    await talk.answer(200, '{"model":"m"}');
    expect(await within(SOON_MS, status)).toBe(0);
  },
);

onLinux("one that cannot listen is never ready", async () => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  await using first = await mellamo(NO_ENGINE);
  const file = folder.at("config.toml");
  await Bun.write(file, `[server]\nlisten = "127.0.0.1:${first.port}"\n${NO_ENGINE}`);
  const child = Bun.spawn([...PROGRAM, "serve", "--config", file], {
    env: cleanEnv({ STATE_DIRECTORY: folder.path, ...systemd.env }),
    stdout: "ignore",
    stderr: "ignore",
  });
  expect(await child.exited).toBe(1);
  expect(systemd.all()).toEqual([]);
});

onLinux("the process that was started is the one that lives, also where it starts itself anew", async () => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  await using _router = await mellamo(NO_ENGINE, {
    isLimited: true,
    env: { ...systemd.env, ...WATCHED },
    through: ["sh", "-c", 'WATCHDOG_PID=$$ exec "$0" "$@"'],
  });
  await eventually(SOON_MS, () => beats(systemd) > 3);
  expect(systemd.all()).toContainEqual(expect.stringMatching(/^READY=1\n/));
});

onLinux.each([
  ["nobody watches", {}],
  ["another process is watched", { ...WATCHED, WATCHDOG_PID: "1" }],
  ["the time is no time", { WATCHDOG_USEC: "soon" }],
])("where %s it does not say that it lives", async (_, env) => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  await using router = await mellamo(NO_ENGINE, { env: { ...systemd.env, ...env } });
  await systemd.until(/READY=1/);
  await Bun.sleep(BEAT_MS * 5);
  await router.end("SIGTERM");
  expect(beats(systemd)).toBe(0);
});

onLinux("when its event loop hangs it no longer says that it lives", async () => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  await using router = await mellamo(NO_ENGINE, { env: { ...systemd.env, ...WATCHED, ...STUCK_LOOP } });
  await eventually(SOON_MS, () => beats(systemd) > 3);
  process.kill(router.pid, "SIGUSR2");
  await eventually(SOON_MS, async () => {
    const before = beats(systemd);
    await Bun.sleep(BEAT_MS * 10);
    return beats(systemd) === before;
  });
  expect(await readFile(`/proc/${router.pid}/status`, "utf8")).toContain("State:\tS");
});

onLinux("a socket that is gone harms nothing", async () => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  await using router = await mellamo(NO_ENGINE, { env: { ...systemd.env, ...WATCHED } });
  await systemd.until(/WATCHDOG=1/);
  systemd[Symbol.dispose]();
  await Bun.sleep(BEAT_MS * 5);
  expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
  expect(await within(SOON_MS, router.end("SIGTERM"))).toBe(0);
});

onLinux("a socket that is full hears it once there is room", async () => {
  await using folder = await folderOf();
  using systemd = listen(folder);
  const send = await datagramsTo(systemd.env["NOTIFY_SOCKET"] ?? "");
  while (send("from somebody else"));
  await using router = await mellamo(NO_ENGINE, { env: systemd.env });
  expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
  expect(await systemd.until(/READY=1/)).toContain(router.url);
});

onLinux.each(["vsock:2:1234", "notify", `/${"x".repeat(108)}`])(
  "of an address such as %s it says that nothing can be told there, and serves",
  async (address) => {
    await using router = await mellamo(NO_ENGINE, { env: { NOTIFY_SOCKET: address } });
    const line = await router.log.until(/event="systemd not told"/);
    expect(line).toContain(`why="\\"${address}\\" is no address of a Unix socket"`);
    expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
  },
);

onLinux("without systemd it tells nobody, and says nothing of it", async () => {
  await using folder = await folderOf({ "config.toml": `[server]\nlisten = "127.0.0.1:0"\n${NO_ENGINE}` });
  const child = Bun.spawn([...PROGRAM, "serve", "--config", folder.at("config.toml")], {
    env: cleanEnv({ STATE_DIRECTORY: folder.path, NOTIFY_SOCKET: "", ...WATCHED }),
    stdout: "ignore",
    stderr: "pipe",
  });
  const log = new Lines(child.stderr);
  await log.until(/event=listening/);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  expect(log.text).not.toContain("systemd");
});
