/** A router that starts says where it listens, with which configuration, and what it found. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";

import { rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, mellamo, PROGRAM } from "../support/mellamo.ts";
import { NO_ENGINE, NOBODY } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const USUAL_PORTS = [8080, 1234, 11434, 8000, 30_000];

test("it says where it listens, which file it has read, and which backends are up and down", async () => {
  await using up = await rawBackend(["a", "b"], noSuchPath);
  await using router = await mellamo(
    `[[backend]]\nname = "up"\nurl = "${up.url}"\n[[backend]]\nname = "down"\nurl = "${NOBODY}"\n[aliases]\nx = "a"\n`,
  );
  expect(await router.log.until(/event=start /)).toContain(`config=${router.file} aliases=1`);
  expect(router.url).toBe(`http://127.0.0.1:${router.port}`);
  expect(await router.log.until(/event="backend up"/)).toContain(
    `backend=up url=${up.url} engine=openai models=2`,
  );
  const line = await router.log.until(/event="backend down"/);
  expect(line).toContain(`backend=down url=${NOBODY} why="connection refused"`);
});

test("it says so when no backend answers, where it looked, and that it goes on looking", async () => {
  await using one = await rawBackend([], noSuchPath);
  await using other = await rawBackend([], noSuchPath);
  await Promise.all([one.stop(), other.stop()]);
  await using router = await mellamo(`[[backend]]\nurl = "${one.url}"\n[[backend]]\nurl = "${other.url}"\n`);
  const line = await router.log.until(/event="no engine answers yet"/);
  expect(line).toContain(`looked_at="${one.url} ${other.url}" `);
  expect(line).toContain('hint="still looking"');
});

test("on a Unix socket it says where that is", async () => {
  await using folder = await folderOf();
  const socket = folder.at("m.sock");
  await using router = await mellamo(`[server]\nlisten = "unix:${socket}"\n`);
  expect(router.url).toBe(`unix:${socket}`);
  expect((await fetch("http://localhost/healthz", { unix: socket })).status).toBe(200);
});

test("the log is JSON where that is asked for, and as quiet as is asked for", async () => {
  await using folder = await folderOf({
    "config.toml": `[server]\nlisten = "127.0.0.1:0"\n[log]\nformat = "json"\nlevel = "warn"\n[[backend]]\nurl = "${NOBODY}"\n`,
  });
  const child = Bun.spawn([...PROGRAM], {
    cwd: folder.path,
    env: cleanEnv(),
    stdout: "ignore",
    stderr: "pipe",
  });
  try {
    const log = new Lines(child.stderr);
    await Promise.all([log.until(/no engine answers yet/), log.until(/backend down/)]);
    const records = log.all.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toHaveLength(2);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/);
    const why = "connection refused";
    expect(records).toContainEqual(
      expect.objectContaining({ time, level: "warn", event: "backend down", url: NOBODY, why }),
    );
    expect(records).toContainEqual(
      expect.objectContaining({ time, level: "warn", event: "no engine answers yet", looked_at: NOBODY }),
    );
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});

test("on a port alone it serves every address of the machine", async () => {
  await using router = await mellamo(`[server]\nlisten = ":0"\n${NO_ENGINE}`);
  const [, port] = /:(\d+)"?$/.exec(await router.log.until(/event=listening/)) ?? [];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const hasIpv6 = addresses.some(({ address }) => address === "::1");
  for (const host of ["127.0.0.1", ...(hasIpv6 ? ["[::1]"] : [])])
    expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200);
});

test("a backend that does not answer does not hold up the start", async () => {
  await using silent = await rawBackend(["m"], () => {});
  silent.list(undefined);
  await using router = await mellamo(`[[backend]]\nurl = "${silent.url}"\nprobe_timeout = "10m"\n`);
  expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
});

test.skipIf(existsSync("/etc/mellamo/config.toml"))(
  "without any configuration it looks at the usual ports, and tries to serve what answers there",
  async () => {
    await using folder = await folderOf();
    const child = Bun.spawn([...PROGRAM], {
      cwd: folder.path,
      env: cleanEnv(),
      stdout: "ignore",
      stderr: "pipe",
    });
    try {
      const log = new Lines(child.stderr);
      expect(await log.until(/event=start /)).toContain("config=none");
      // another program of this machine may have the port
      const line = await log.until(/event=listening|^Cannot listen/);
      if (line.startsWith("Cannot")) {
        expect(line).toStartWith("Cannot listen on 127.0.0.1:11435: the address is in use");
        return;
      }
      expect(line).toContain("url=http://127.0.0.1:11435");
      // or the engine of somebody who works on this machine
      const found = await log.until(/event="(no engine answers yet|backend up)"/);
      if (found.includes("backend up")) {
        expect(USUAL_PORTS.map((port) => `local-${port}`)).toContain(/backend=(\S+)/.exec(found)?.[1] ?? "");
        return;
      }
      for (const port of USUAL_PORTS) expect(found).toContain(`http://127.0.0.1:${port}`);
      expect(found).toContain("mellamo demo");
    } finally {
      child.kill("SIGKILL");
      await child.exited;
    }
  },
);

test("a Unix socket that a killed router left behind is taken over", async () => {
  await using folder = await folderOf();
  const toml = `[server]\nlisten = "unix:${folder.at("m.sock")}"\n${NO_ENGINE}`;
  await using killed = await mellamo(toml);
  await killed.end("SIGKILL");
  expect(existsSync(folder.at("m.sock"))).toBe(true);
  await using _next = await mellamo(toml);
  expect((await fetch("http://localhost/healthz", { unix: folder.at("m.sock") })).status).toBe(200);
});
