/**
 * An engine that dies or falls silent in the middle of its answer leaves the client with a broken stream, never with a
 * clean end. Nobody else is asked: the client has half an answer already. It has failed.
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { Behaviour, Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import { failureOf } from "../support/failure.ts";
import { goodFor, heard, type Pair, pairOf } from "../support/pair.ts";
import { nothingInFlight } from "../support/settled.ts";
import { OLLAMA, OPENAI, type Shape, SHAPES } from "../support/shapes.ts";

/** How long an engine may be silent between two pieces. */
const IDLE = "500ms";

/** A way to begin an answer that promises more than comes, and what of it has to arrive. */
interface Beginning {
  readonly name: string;
  readonly path: string;
  readonly begin: Behaviour;
  readonly arrives: RegExp;
}

function streamed(name: string, { path, streamType, record }: Shape, more = ""): Beginning {
  const begin: Behaviour = async (talk) => {
    await talk.begin(200, { "content-type": streamType });
    await talk.chunk(record("a") + more);
  };
  return { name, path, begin, arrives: new RegExp(`"content":"a"[^]*${RegExp.escape(more.slice(0, 6))}`) };
}

function promised(name: string, path: string, type: string, text: string): Beginning {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: 9000000\r\n\r\n`;
  return { name, path, begin: (talk) => talk.send(head + text), arrives: new RegExp(RegExp.escape(text)) };
}

const BEGINNINGS: readonly (readonly [Shape, readonly Beginning[]])[] = [
  [OLLAMA, [streamed("JSON lines in chunks", OLLAMA), streamed("half a line", OLLAMA, '{"model":"m","mess')]],
  [
    OPENAI,
    [
      streamed("events in chunks", OPENAI),
      streamed("half an event", OPENAI, 'data: {"model":"m","cho'),
      promised("a long body", "/v1/embeddings", "application/json", '{"model":"m","data":[1,2'),
      promised("a body of another type", "/v1/audio/speech", "audio/mpeg", "ID3 and some sound"),
    ],
  ],
];

/** Ways to end too early. The last one takes as long as an engine may be silent. */
const DEATHS: [how: string, die: (talk: Talk) => void][] = [
  ["a reset", (talk) => talk.reset()],
  ["an end", (talk) => talk.end()],
  ["silence", () => {}],
];

describe.each(BEGINNINGS)("$dialect", (shape, beginnings) => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await pairOf(shape, { timeouts: { idle: IDLE } });
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  describe.each(beginnings)("$name, then", ({ path, begin, arrives }) => {
    test.each(DEATHS)("%s", async (_, die) => {
      const { first, second, router, ask, state } = pair;
      // nothing is held against the first then
      first.behave(goodFor("first"));
      expect(await heard(await ask())).toMatchObject({ body: { by: "first" } });
      const before = first.talks.length;
      first.behave(begin);
      using client = await rawClient(router.port);
      client.send(post(path, '{"model":"m","messages":[],"stream":true}'));
      await client.until(arrives);
      const talk = await first.talk(before);
      die(talk);
      expect(await within(10_000, client.ended)).toBe("reset");
      // the end of a chunked body, had it been a whole one
      expect(client.received().endsWith("0\r\n\r\n")).toBe(false);
      await within(10_000, talk.closed);
      await nothingInFlight(router);
      await eventually(
        () => state(),
        ({ breaker }) => breaker.failures === 1,
      );
      expect([first.talks.length - before, second.talks.length]).toEqual([1, 0]);
    });
  });
});

test.each(SHAPES)("whoever reads a stream of $dialect's to its end gets an error", async (shape) => {
  await using pair = await pairOf(shape);
  pair.first.behave(streamed("", shape).begin);
  const answer = await pair.ask();
  const failing = failureOf(answer.text());
  (await pair.first.talk(0)).reset();
  expect(await failing).toBeInstanceOf(Error);
});
