/** Everything in a configuration has a default. */

import { expect, test } from "bun:test";
import { homedir } from "node:os";
import { join } from "node:path";

import { configOf } from "../support/reading.ts";

const USUAL_PORTS = [8080, 1234, 11434, 8000, 30_000];

test("an empty file is a whole configuration", () => {
  const { backends, ...rest } = configOf("");
  expect(rest).toEqual({
    server: {
      listen: { kind: "tcp", hostname: "127.0.0.1", port: 11435 },
      maxBody: { bytes: 256 * 1024 * 1024, text: "256MiB" },
      drainMs: 30_000,
      origins: [],
      copy: "alias",
      headers: true,
    },
    routing: { queue: { size: 256, timeoutMs: 60_000 }, sticky: true },
    storePath: join(homedir(), ".local", "state", "mellamo", "server.json"),
    listing: { only: "all", aliases: true },
    log: { level: "info", format: "logfmt" },
    pins: new Map(),
    models: new Map(),
    defaults: undefined,
    aliases: [],
  });
  expect(backends.map(({ origin }) => origin).sort()).toEqual(
    USUAL_PORTS.map((port) => `http://127.0.0.1:${port}`).sort(),
  );
});

test.each([
  ["blank lines", "\n \r\n\t\n"],
  ["comments", "# nothing\n# [server]\n"],
  ["empty tables", "[server]\n[health]\n[listing]\n[log]\n[models]\n[aliases]\n"],
  ["an empty list of backends", "backend = []\n"],
  ["a byte order mark", "\uFEFF"],
])("a file of %s means the same as an empty one", (_, toml) => {
  expect(configOf(toml)).toEqual(configOf(""));
});

test("a backend needs nothing but a URL", () => {
  expect(configOf('[[backend]]\nurl = "http://gpu:11434"\n').backends).toEqual([
    {
      name: "gpu:11434",
      origin: "http://gpu:11434",
      engine: undefined,
      priority: 100,
      weight: 1,
      limits: { maxInflight: undefined, failures: 3, pauseMs: 1000, maxPauseMs: 60_000 },
      timeouts: { connectMs: 2000, firstByteMs: 600_000, idleMs: 300_000 },
      key: undefined,
      include: ["*"],
      exclude: [],
      preload: [],
      parameters: undefined,
      probeIntervalMs: 10_000,
      probeTimeoutMs: 2000,
      presumed: false,
    },
  ]);
});

test("what a backend leaves out of its probes comes from [health], what it says itself wins", () => {
  const { backends } = configOf(`
    [health]
    probe_interval = "1m"
    probe_timeout = "7s"
    [[backend]]
    url = "http://a:1"
    [[backend]]
    url = "http://b:1"
    probe_interval = "5s"
    probe_timeout = "1s"
  `);
  expect(backends.map((backend) => [backend.probeIntervalMs, backend.probeTimeoutMs])).toEqual([
    [60_000, 7000],
    [5000, 1000],
  ]);
});

test("what a backend leaves out of its limits and times comes from [health] and [timeouts], what it says itself wins", () => {
  const common = `
    [timeouts]
    connect = "1s"
    first_byte = "1m"
    idle = "30s"
    [health]
    failures = 5
    pause = "2s"
    max_pause = "20s"
  `;
  const own = `
    [[backend]]
    url = "http://b:1"
    idle = "1h"
    failures = 1
    max_pause = "3s"
    max_inflight = 2
  `;
  const [a, b] = configOf(`${common}\n[[backend]]\nurl = "http://a:1"\n${own}`).backends;
  const timeouts = { connectMs: 1000, firstByteMs: 60_000, idleMs: 30_000 };
  expect(a?.timeouts).toEqual(timeouts);
  expect(a?.limits).toEqual({ maxInflight: undefined, failures: 5, pauseMs: 2000, maxPauseMs: 20_000 });
  expect(b?.timeouts).toEqual({ ...timeouts, idleMs: 3_600_000 });
  expect(b?.limits).toEqual({ maxInflight: 2, failures: 1, pauseMs: 2000, maxPauseMs: 3000 });
  for (const presumed of configOf(common).backends) {
    expect(presumed.timeouts).toEqual(timeouts);
    expect(presumed.limits).toEqual(a?.limits ?? presumed.limits);
  }
});

test("without backends the usual ports of this machine are looked at, as [health] says", () => {
  const { backends } = configOf('[health]\nprobe_interval = "3s"\nprobe_timeout = "1s"\n');
  for (const backend of backends) {
    expect(backend).toEqual({
      name: `local-${new URL(backend.origin).port}`,
      origin: backend.origin,
      engine: undefined,
      priority: 100,
      weight: 1,
      limits: { maxInflight: undefined, failures: 3, pauseMs: 1000, maxPauseMs: 60_000 },
      timeouts: { connectMs: 2000, firstByteMs: 600_000, idleMs: 300_000 },
      key: undefined,
      include: ["*"],
      exclude: [],
      preload: [],
      parameters: undefined,
      probeIntervalMs: 3000,
      probeTimeoutMs: 1000,
      presumed: true,
    });
  }
  expect(backends).toHaveLength(USUAL_PORTS.length);
});

test("one backend is enough for the usual ports not to be looked at", () => {
  const { backends } = configOf('[[backend]]\nurl = "http://gpu:11434"\n');
  expect(backends.map(({ presumed }) => presumed)).toEqual([false]);
});

test.each(USUAL_PORTS)("the router does not look for an engine on its own port %i", (port) => {
  const { backends } = configOf(`[server]\nlisten = "127.0.0.1:${port}"\n`);
  expect(backends.map(({ origin }) => origin)).not.toContain(`http://127.0.0.1:${port}`);
  expect(backends).toHaveLength(USUAL_PORTS.length - 1);
});

test("a router on a Unix socket looks at all the usual ports", () => {
  expect(configOf('[server]\nlisten = "unix:/run/m.sock"\n').backends).toHaveLength(USUAL_PORTS.length);
});
