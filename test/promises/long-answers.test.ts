/** No answer is too long: as long as it goes on, and however slowly its client reads, none of the timeouts ends it. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { answerOn } from "../support/response.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** Each of the three timeouts. Pieces come far more often, answers take far longer. */
const TIMEOUT_MS = 1500;
const PIECE_MS = 100;
const PIECES = 30;

const PIECE = "data: {}\n\n";

/** What it does for a model is in that model's name. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  async chunks(talk) {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await eachPiece(() => talk.chunk(PIECE));
    await talk.chunk("");
  },
  async lengthy(talk) {
    const length = PIECES * 9000;
    await talk.send(
      `HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n`,
    );
    await eachPiece(() => talk.send("x".repeat(9000)));
  },
  async short(talk) {
    await talk.send(`HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${PIECES}\r\n\r\n`);
    await eachPiece(() => talk.send("x"));
  },
  async refuses(talk) {
    await talk.begin(400, { "content-type": "application/json" });
    await eachPiece(() => talk.chunk(" "));
    await talk.chunk('{"error":"no"}');
    await talk.chunk("");
  },
};

async function eachPiece(send: () => Promise<void>): Promise<void> {
  for (let piece = 0; piece < PIECES; piece++) {
    await send();
    await Bun.sleep(PIECE_MS);
  }
}

let engine: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  const timeouts = ["connect", "first_byte", "idle"].map((key) => `${key} = "${TIMEOUT_MS}ms"\n`);
  engine = await rawBackend([...Object.keys(BEHAVIOURS), "flood", "pulled"], behave, "ollama");
  router = await routerOver(
    { b: { url: engine.url, engine: "ollama" } },
    `[timeouts]\n${timeouts.join("")}[health]\nprobe_interval = "1h"\n`,
  );
});

afterAll(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

function behave(talk: Talk): Promise<void> | void {
  const { model } = JSON.parse(talk.body.toString()) as { model: string };
  if (model === "flood") return flood(talk);
  if (talk.path === "/api/pull") return pull(talk);
  return BEHAVIOURS[model]?.(talk);
}

const FLOOD = "x".repeat(64 * 1024);
const FLOODS = 400;

/** More than any buffer on the way holds. */
async function flood(talk: Talk): Promise<void> {
  await talk.begin(200, { "content-type": "application/octet-stream" });
  for (let count = 0; count < FLOODS; count++) await talk.chunk(FLOOD);
  await talk.chunk("");
}

/** Says nothing for a long time, with or without having sent its headers. */
async function pull(talk: Talk): Promise<void> {
  const saysHeadersFirst = talk.body.includes("headers first");
  if (saysHeadersFirst) await talk.begin(200);
  await Bun.sleep(TIMEOUT_MS * 2);
  if (!saysHeadersFirst) await talk.begin(200);
  await talk.chunk('{"status":"success"}\n');
  await talk.chunk("");
}

describe.concurrent("an answer that takes longer than all of them together", () => {
  test("in chunks", async () => {
    const answer = await within(SOON_MS, ask(router, "", { model: "chunks" }).answer);
    expect(await answer.text()).toBe(PIECE.repeat(PIECES));
  });

  test("of a length that is told before", async () => {
    const answer = await within(SOON_MS, ask(router, "", { model: "lengthy" }).answer);
    expect((await answer.bytes()).length).toBe(PIECES * 9000);
  });

  test("of a short length that is told before", async () => {
    const answer = await within(SOON_MS, ask(router, "", { model: "short" }).answer);
    expect([answer.status, await answer.text()]).toEqual([200, "x".repeat(PIECES)]);
  });

  test("that is an error", async () => {
    const answer = await within(SOON_MS, ask(router, "", { model: "refuses" }).answer);
    expect([answer.status, await answer.json()]).toEqual([400, { error: "no" }]);
  });

  test("to a client that stops reading for a while", async () => {
    using client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"flood"}', ["Connection: close"]));
    await client.until(/xxx/);
    client.pause();
    await Bun.sleep(TIMEOUT_MS * 2);
    client.resume();
    const { body } = await within(SOON_MS, answerOn(client));
    expect(body.length).toBe(FLOOD.length * FLOODS);
  });

  test.each(["", "headers first"])("a pull that says nothing for so long (%p)", async (how) => {
    const answer = await within(SOON_MS, ask(router, how, { model: "pulled", path: "/api/pull" }).answer);
    expect([answer.status, await answer.text()]).toEqual([200, '{"status":"success"}\n']);
  });
});
