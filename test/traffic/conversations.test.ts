/** It is remembered where conversations were last served, of very many the latest. */

import { expect, test } from "bun:test";

import { Conversations } from "../../src/traffic/conversations.ts";

/** So many are remembered at most. */
const BOUND = 10_000;
/** More than are carried on at a time: the latest of them are never forgotten. */
const LATEST = 2000;

function conversationsUpTo(count: number): Conversations {
  const conversations = new Conversations();
  for (let one = 0; one < count; one++) conversations.remember(BigInt(one), `backend-${one % 3}`);
  return conversations;
}

test("a conversation that nobody has had is nowhere at home", () => {
  expect(new Conversations().homeOf(1n)).toBeUndefined();
  expect(conversationsUpTo(5).homeOf(5n)).toBeUndefined();
});

test("it is at home where it was served", () => {
  const conversations = conversationsUpTo(5);
  expect([0n, 1n, 4n].map((one) => conversations.homeOf(one))).toEqual([
    "backend-0",
    "backend-1",
    "backend-1",
  ]);
});

test("where it goes, its home goes", () => {
  const conversations = conversationsUpTo(5);
  conversations.remember(1n, "attic");
  expect(conversations.homeOf(1n)).toBe("attic");
});

test("numbers of 64 bits that are nearly the same are not", () => {
  const conversations = new Conversations();
  conversations.remember(2n ** 64n - 1n, "a");
  conversations.remember(2n ** 64n - 2n, "b");
  expect(conversations.homeOf(2n ** 64n - 1n)).toBe("a");
  expect(conversations.homeOf(2n ** 64n - 3n)).toBeUndefined();
});

/** Those of the conversations that are at home somewhere. */
function known(conversations: Conversations, count: number): number[] {
  return Array.from({ length: count }, (_, one) => one).filter(
    (one) => conversations.homeOf(BigInt(one)) !== undefined,
  );
}

test("all of some thousands are remembered", () => {
  expect(known(conversationsUpTo(LATEST), LATEST + 5)).toHaveLength(LATEST);
});

test.each([BOUND + 1, 12_345, 3 * BOUND, 50_000])(
  "of %i the latest are remembered, and no more than ten thousand",
  (count) => {
    const found = known(conversationsUpTo(count), count);
    expect(found.length).toBeLessThanOrEqual(BOUND);
    expect(found.slice(-LATEST)).toEqual(
      Array.from({ length: LATEST }, (_, index) => count - LATEST + index),
    );
  },
);

test("one that is carried on is remembered, however many come and go meanwhile", () => {
  const conversations = conversationsUpTo(1);
  for (let one = 1; one < 30_000; one++) {
    if (one % LATEST === 0) conversations.remember(0n, "backend-0");
    conversations.remember(BigInt(one), "attic");
    if (conversations.homeOf(0n) !== "backend-0") throw new Error(`Forgotten at ${one}`);
  }
  expect(conversations.homeOf(1n)).toBeUndefined();
});
