/** What each key of the file may hold, and what the router makes of it. */

import { expect, test } from "bun:test";

import type { BackendSettings, Config } from "../../src/config/config.ts";
import { type Alias, configAlias } from "../../src/domain/alias.ts";
import { configOf } from "../support/reading.ts";

test.each<[string, (config: Config) => unknown, unknown]>([
  ['server.listen = ":80"', ({ server }) => server.listen, { kind: "tcp", hostname: "::", port: 80 }],
  ['server.listen = "unix:/m.sock"', ({ server }) => server.listen, { kind: "unix", path: "/m.sock" }],
  ['server.max_body = "1.5KiB"', ({ server }) => server.maxBody, { bytes: 1536, text: "1.5KiB" }],
  ['server.drain = "1m30s"', ({ server }) => server.drainMs, 90_000],
  ['server.drain = "0s"', ({ server }) => server.drainMs, 0],
  ["server.origins = []", ({ server }) => server.origins, []],
  ['server.origins = ["https://a.b", "*"]', ({ server }) => server.origins, ["https://a.b", "*"]],
  ['server.copy = "model"', ({ server }) => server.copy, "model"],
  ["server.headers = false", ({ server }) => server.headers, false],
  ["routing.queue_size = 0", ({ routing }) => routing.queue, { size: 0, timeoutMs: 60_000 }],
  ["routing.queue_size = 100_000", ({ routing }) => routing.queue, { size: 100_000, timeoutMs: 60_000 }],
  ['routing.queue_timeout = "0s"', ({ routing }) => routing.queue, { size: 256, timeoutMs: 0 }],
  ['routing.queue_timeout = "1h"', ({ routing }) => routing.queue, { size: 256, timeoutMs: 3_600_000 }],
  ["routing.sticky = false", ({ routing }) => routing.sticky, false],
  ['store.path = "/var/lib/m/s.json"', ({ storePath }) => storePath, "/var/lib/m/s.json"],
  ["listing.aliases = false", ({ listing }) => listing.aliases, false],
  ['log.level = "debug"', ({ log }) => log.level, "debug"],
  ['log.level = "warn"', ({ log }) => log.level, "warn"],
  ['log.level = "error"', ({ log }) => log.level, "error"],
  ['log.format = "json"', ({ log }) => log.format, "json"],
])("%s is taken as it is meant", (toml, part, value) => {
  expect(part(configOf(toml))).toEqual(value);
});

test.each<[string, (backend: BackendSettings) => unknown, unknown]>([
  ['name = "gpu-1.lan:2_x"', ({ name }) => name, "gpu-1.lan:2_x"],
  ['engine = "ollama"', ({ engine }) => engine, "ollama"],
  ['engine = "lmstudio"', ({ engine }) => engine, "lmstudio"],
  ['engine = "llamacpp"', ({ engine }) => engine, "llamacpp"],
  ['engine = "vllm"', ({ engine }) => engine, "vllm"],
  ['engine = "sglang"', ({ engine }) => engine, "sglang"],
  ['engine = "openai"', ({ engine }) => engine, "openai"],
  ["priority = -5", ({ priority }) => priority, -5],
  ["priority = 0", ({ priority }) => priority, 0],
  ["weight = 2", ({ weight }) => weight, 2],
  ["weight = 0.001", ({ weight }) => weight, 0.001],
  ["weight = 1e3", ({ weight }) => weight, 1000],
  ["max_inflight = 1", ({ limits }) => limits.maxInflight, 1],
  ["max_inflight = 65_536", ({ limits }) => limits.maxInflight, 65_536],
  ["failures = 1", ({ limits }) => limits.failures, 1],
  ['pause = "100ms"', ({ limits }) => limits.pauseMs, 100],
  ['max_pause = "1h"', ({ limits }) => limits.maxPauseMs, 3_600_000],
  ['connect = "1ms"', ({ timeouts }) => timeouts.connectMs, 1],
  ['first_byte = "2h"', ({ timeouts }) => timeouts.firstByteMs, 7_200_000],
  ['idle = "24d"', ({ timeouts }) => timeouts.idleMs, 24 * 86_400_000],
  ['key = "sk-1+/="', ({ key }) => key, "sk-1+/="],
  ['key = ""', ({ key }) => key, undefined],
  ['include = ["qwen*"]', ({ include }) => include, ["qwen*"]],
  ["include = []", ({ include }) => include, []],
  ['exclude = ["*-embed*", "x"]', ({ exclude }) => exclude, ["*-embed*", "x"]],
  ['probe_interval = "1ms"', ({ probeIntervalMs }) => probeIntervalMs, 1],
  ['probe_timeout = "500ms"', ({ probeTimeoutMs }) => probeTimeoutMs, 500],
])("a backend with %s is taken as it is meant", (line, part, value) => {
  const [backend] = configOf(`[[backend]]\nurl = "http://a:1"\n${line}\n`).backends;
  expect(backend && part(backend)).toEqual(value);
});

const PLAIN = { strategy: "pool", listed: true, echo: true } as const;

test.each<[string, Alias]>([
  ['a = "m"', configAlias("a", { targets: [{ model: "m" }], ...PLAIN })],
  ['a = ["m", "n"]', configAlias("a", { targets: [{ model: "m" }, { model: "n" }], ...PLAIN })],
  [
    'a = [{ model = "m", backend = "b" }, "n"]',
    configAlias("a", { targets: [{ model: "m", backend: "b" }, { model: "n" }], ...PLAIN }),
  ],
  [
    'a = [{ model = "m", weight = 3 }, { model = "n", backend = "b", weight = 0.5 }, "o"]',
    configAlias("a", {
      targets: [{ model: "m", weight: 3 }, { model: "n", backend: "b", weight: 0.5 }, { model: "o" }],
      ...PLAIN,
    }),
  ],
  [
    'a = { targets = [{ model = "m", weight = 1000 }] }',
    configAlias("a", { targets: [{ model: "m", weight: 1000 }], ...PLAIN }),
  ],
  [
    '"p-*" = [{ model = "*", weight = 2 }]',
    configAlias("p-*", { targets: [{ model: "*", weight: 2 }], ...PLAIN }),
  ],
  ['a = { targets = ["m"] }', configAlias("a", { targets: [{ model: "m" }], ...PLAIN })],
  [
    'a = { targets = ["m", "n"], strategy = "order", listed = false, echo = false }',
    configAlias("a", {
      targets: [{ model: "m" }, { model: "n" }],
      strategy: "order",
      listed: false,
      echo: false,
    }),
  ],
  ['"claude-*" = "m"', configAlias("claude-*", { targets: [{ model: "m" }], ...PLAIN })],
  ['"openai/*" = "*"', configAlias("openai/*", { targets: [{ model: "*" }], ...PLAIN })],
])("the alias %s is taken as it is meant", (line, alias) => {
  const { aliases } = configOf(`[[backend]]\nname = "b"\nurl = "http://a:1"\n[aliases]\n${line}\n`);
  expect(aliases).toEqual([alias]);
});

test.each<[string, [string, string[]][]]>([
  ['m = "b"', [["m", ["b"]]]],
  ['m = ["b", "c"]', [["m", ["b", "c"]]]],
  ['m = { backend = "c" }', [["m", ["c"]]]],
  ['m = { backend = ["c", "b"] }', [["m", ["c", "b"]]]],
  ['"library/M:latest" = "b"', [["m", ["b"]]]],
])("the pin %s holds by the name's key", (line, pins) => {
  const backends = ["b", "c"].map((name) => `[[backend]]\nname = "${name}"\nurl = "http://${name}:1"\n`);
  expect([...configOf(`${backends.join("")}[models]\n${line}\n`).pins]).toEqual(pins);
});

test("two tags of one model have a pin each", () => {
  const { pins } = configOf('[[backend]]\nurl = "http://b:1"\n[models]\n"m:1" = "b:1"\n"m:2" = ["b:1"]\n');
  expect([...pins.keys()]).toEqual(["m:1", "m:2"]);
});
