/** Who may come in at each kind of listener, and what those hear who may not. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { rawClient } from "../support/client.ts";
import { folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { saidIn, say, sayAgain } from "../support/say.ts";

const FOREIGN = ["Host: evil.example"];

/** As the log has it, which quotes addresses with brackets. */
async function urlOf({ log }: Mellamo): Promise<string> {
  return /url="?([^\s"]+)/.exec(await log.until(/event=listening/))?.[1] ?? "";
}

describe("on a loopback address", () => {
  let router: Mellamo;

  beforeAll(async () => {
    router = await mellamo(NO_ENGINE);
  });

  afterAll(async () => {
    await router[Symbol.asyncDispose]();
  });

  test.each(["ollama-host-lan", "ollama-host-local", "ollama-host-refused"])(
    "%s: the status is that of the capture",
    async (name) => {
      const answer = saidIn(name);
      const said = await sayAgain(router.port, name);
      expect(said.status).toBe(answer.status);
      if (answer.status === 403) expect(said.body).toBe("");
    },
  );

  test.each([
    "GET /",
    "HEAD /",
    "GET /healthz",
    "GET /mellamo/status",
    "POST /api/chat",
    "GET /v1/models",
    "GET /nope",
    "OPTIONS /api/chat",
  ])("%s for a foreign host is refused without a word", async (request) => {
    const said = await say(router.port, request, FOREIGN);
    expect([said.status, said.body]).toEqual([403, ""]);
    expect(said.headers.has("access-control-allow-methods")).toBe(false);
  });

  test("a page that had its own name point here is refused, though it calls its own host", async () => {
    const said = await say(router.port, "GET /api/tags", [
      "Host: evil.example:11434",
      "Origin: http://evil.example:11434",
    ]);
    expect(said.status).toBe(403);
  });

  test.each(["evil.example/path?", "a b", "user@localhost", "localhost:x", "[::1", "localhost, evil"])(
    "the Host %j is malformed, and that is said in the dialect of the path",
    async (host) => {
      const headers = [`Host: ${host}`];
      const native = await say(router.port, "GET /api/tags", headers);
      expect(native.status).toBe(400);
      expect(native.body).toBe('{"error":"malformed Host header"}');
      const openai = await say(router.port, "GET /v1/models", headers);
      expect(JSON.parse(openai.body)).toMatchObject({ error: { message: "malformed Host header" } });
      const plain = await say(router.port, "GET /", headers);
      expect([plain.status, plain.body]).toEqual([400, "malformed Host header"]);
    },
  );

  test("a refused page hears nothing even where the Host is fine", async () => {
    const said = await say(router.port, "GET /mellamo/status", ["Origin: https://example.com"]);
    expect([said.status, said.body]).toEqual([403, ""]);
  });

  test("an HTTP/1.0 client without a Host comes in", async () => {
    using client = await rawClient(router.port);
    client.send("GET /api/version HTTP/1.0\r\n\r\n");
    expect(await client.until(/\r\n\r\n/)).toStartWith("HTTP/1.1 200 ");
  });
});

test.each(['"[::1]:0"', '"localhost:0"'])(
  "a foreign host is refused on %s, which only this machine can reach",
  async (listen) => {
    await using router = await mellamo(`[server]\nlisten = ${listen}\n${NO_ENGINE}`);
    const url = await urlOf(router);
    const answers = await Promise.all(
      ["localhost", "evil.example"].map((host) => fetch(`${url}/api/version`, { headers: { host } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  },
);

test.each(['"0.0.0.0:0"', '":0"'])("any host may come in on %s, which is open to others", async (listen) => {
  await using router = await mellamo(`[server]\nlisten = ${listen}\n${NO_ENGINE}`);
  const said = await say(Number(new URL(await urlOf(router)).port), "GET /api/version", FOREIGN);
  expect(said.status).toBe(200);
});

test("a page is judged by its origin on a listener that is open to others", async () => {
  await using router = await mellamo(`[server]\nlisten = "0.0.0.0:0"\n${NO_ENGINE}`);
  const evil = await say(router.port, "GET /api/version", [...FOREIGN, "Origin: https://example.com"]);
  expect(evil.status).toBe(403);
});

test("any host may come in on a Unix socket, which no page can reach", async () => {
  await using folder = await folderOf();
  const unix = folder.at("m.sock");
  await using router = await mellamo(`[server]\nlisten = "unix:${unix}"\n${NO_ENGINE}`);
  expect(await router.log.until(/event=listening/)).toContain(`unix:${unix}`);
  const answer = await fetch("http://evil.example/api/version", { unix });
  expect([answer.status, await answer.text()]).toEqual([200, '{"version":"0.33.0"}']);
});
