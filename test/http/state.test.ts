/** The router tells what it knows of itself: that it lives, and whom it serves. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";
import { type TwoEngines, twoEngines } from "../support/two-engines.ts";

let engines: TwoEngines;
let router: Mellamo;
let first: FakeEngine;

beforeAll(async () => {
  engines = await twoEngines();
  ({ router, first } = engines);
});

afterAll(async () => {
  await engines[Symbol.asyncDispose]();
});

describe("/healthz and /readyz", () => {
  test("the process lives, and somebody is there to serve", async () => {
    const health = await say(router.port, "GET /healthz");
    expect([health.status, health.body]).toEqual([200, '{"status":"ok"}\n']);
    const ready = await say(router.port, "GET /readyz");
    expect([ready.status, ready.body]).toEqual([200, '{"status":"ready","backends_up":2}\n']);
    expect((await say(router.port, "HEAD /readyz")).status).toBe(200);
  });

  test("without a backend it lives, and is not ready", async () => {
    await using alone = await routerOver({ dead: { url: NOBODY } });
    expect((await say(alone.port, "GET /healthz")).status).toBe(200);
    const ready = await say(alone.port, "GET /readyz");
    expect([ready.status, ready.body]).toEqual([503, '{"status":"no backend is up","backends_up":0}\n']);
    expect((await say(alone.port, "HEAD /readyz")).status).toBe(503);
  });
});

describe("/mellamo/status", () => {
  test("has the version, the listener, the file, every backend and every alias", async () => {
    const said = await say(router.port, "GET /mellamo/status");
    expect([said.status, said.headers.get("content-type")]).toEqual([200, "application/json"]);
    const status = JSON.parse(said.body) as { started_at: string };
    expect(Math.abs(Date.now() - Date.parse(status.started_at))).toBeLessThan(60_000);
    expect(status).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      listen: "127.0.0.1:0",
      config: router.file,
      backends: [
        {
          name: "first",
          url: first.url,
          engine: "ollama",
          version: "0.20.1",
          up: true,
          trouble: null,
          priority: 200,
          inflight: 0,
          models: [
            { id: "qwen3:4b", loaded: true, size: 42, context_length: 8192 },
            { id: "idle:latest", loaded: false, size: 796340, context_length: 4096 },
          ],
        },
        {
          name: "second",
          engine: "openai",
          version: null,
          priority: 100,
          models: [
            { id: "Qwen3:4B", loaded: true, size: 0, context_length: 100 },
            { id: "other", loaded: true, size: 0, context_length: null },
          ],
        },
        { name: "dead", engine: "ollama", up: false, trouble: "connection refused", models: [] },
      ],
      aliases: [
        {
          name: "fast",
          targets: [{ model: "idle" }, { model: "other" }],
          strategy: "pool",
          listed: true,
          echo: true,
        },
        { name: "chain" },
        { name: "ordered", strategy: "order" },
        { name: "gpt-*", targets: [{ model: "qwen3:4b" }] },
        { name: "there", targets: [{ model: "qwen3:4b", backend: "second" }], listed: false, echo: false },
      ],
    });
  });

  test("gives no key away", async () => {
    expect((await say(router.port, "GET /mellamo/status")).body).not.toContain("sk-very-secret");
  });
});
