/** A router that starts says where it listens, with which configuration, and what it found. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";

import { version } from "../../package.json";
import { storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, mellamo, PROGRAM } from "../support/mellamo.ts";
import { NO_ENGINE, NOBODY } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const USUAL_PORTS = [8080, 1234, 11434, 8000, 30_000];

test("it says its version, its file, where it listens, which backends are up and down, and its aliases: each once", async () => {
  await using up = await rawBackend(["a", "b"], noSuchPath, "ollama");
  await using folder = await folderOf({ "server.json": storeText({ alias: "stored", target: "b" }) });
  await using router = await mellamo(
    `${backendTable("up", up.url)}${backendTable("down", NOBODY)}[aliases]\nx = "a"\n"y-*" = "x"\n`,
    { env: { STATE_DIRECTORY: folder.path } },
  );
  await router.log.until(/event=aliases/);
  expect(await router.log.until(/event=start /)).toContain(` version=${version}`);
  const lines = router.log.all.map((line) => line.replaceAll(/^time=\S+ |(?<=event=start) version=\S+/g, ""));
  expect(lines.toSorted()).toEqual(
    [
      `level=info event=start config=${router.file}`,
      `level=info event=listening url=http://127.0.0.1:${router.port}`,
      `level=info event="backend up" backend=up url=${up.url} engine=ollama version=0.33.0 models=2`,
      `level=warn event="backend down" backend=down url=${NOBODY} why="connection refused"`,
      `level=info event=aliases file=2 stored=1 store=${folder.at("server.json")}`,
    ].toSorted(),
  );
});

test("aliases that lead nowhere are told, with what is wrong with the first of them", async () => {
  await using up = await rawBackend(["qwen3:4b", "m"], noSuchPath);
  await using router = await mellamo(
    `${backendTable("up", up.url)}[aliases]\ngood = "m"\npartly = ["m", "other"]\nfast = "qwen3:4bb"\na = "nobody"\n"b-*" = "a"\nc = "a"\n`,
  );
  const line = await router.log.until(/event=aliases/);
  expect(line).toContain("level=warn event=aliases file=6 stored=0 ");
  const why = [
    'fast: no backend has "qwen3:4bb", did you mean "qwen3:4b"?',
    'a: no backend has "nobody"',
    'b-*: no backend has "nobody"',
  ];
  expect(line).toContain(` nowhere=4 why=${JSON.stringify(why.join("; "))} `);
  expect(line).toEndWith('hint="mellamo check --live tells them all"');
});

test("a stored alias that has no effect is told", async () => {
  await using up = await rawBackend(["m"], noSuchPath);
  await using folder = await folderOf({
    "server.json": storeText({ alias: "x", target: "m" }, { alias: "m", target: "x" }),
  });
  await using router = await mellamo(`${backendTable("up", up.url)}[aliases]\nx = "m"\n`, {
    env: { STATE_DIRECTORY: folder.path },
  });
  expect(await router.log.until(/event=aliases/)).toEndWith(
    'nowhere=2 why="m: shadowed by a model of that name; x: shadowed by the configuration file"',
  );
});

test("it says so when no backend answers, and that it goes on looking; of aliases no more than that they are there", async () => {
  await using router = await mellamo(
    `${backendTable("one", NOBODY)}${backendTable("other", NOBODY)}[aliases]\nx = "m"\n`,
  );
  const line = await router.log.until(/event="no engine answers yet"/);
  expect(line).toEndWith(' backends=2 hint="still looking; to see what is wrong: mellamo doctor"');
  expect(await router.log.until(/event=aliases/)).toContain("level=info event=aliases file=1 stored=0 ");
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
      expect.objectContaining({ time, level: "warn", event: "no engine answers yet", backends: 1 }),
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
      expect(await log.until(/event=start /)).toEndWith(
        ' config=none hint="mellamo init writes one from what it finds running"',
      );
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
