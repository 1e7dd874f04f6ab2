/** Whatever is said in a conversation and however it is written, its turns begin alike, and others do not begin like it. */

import { expect, test } from "bun:test";

import { openingIn } from "../support/openings.ts";
import { forSeeds, type Random } from "../support/random.ts";

const BLANKS = ["", "", "", " ", "\n  ", "\t"] as const;
const WORDS = [
  "a",
  "b",
  "né",
  "模型",
  "🦙",
  '"',
  "\\",
  "\n",
  "}],[{",
  '"role":"user"',
  " ",
  "\u2028",
  "𝔘",
] as const;

function words(random: Random): string {
  return random.list(random.below(6), () => random.pick(WORDS)).join("");
}

/** What is said at first: a system text, or several, or none, and what the user says to it. */
interface Beginning {
  readonly system: readonly string[];
  readonly user: readonly string[];
}

function randomBeginning(random: Random): Beginning {
  return {
    system: random.list(random.below(3), () => words(random)),
    user: random.list(1 + random.below(3), () => words(random)),
  };
}

/** JSON of the same meaning in another writing: blanks, and the order of keys. */
function written(random: Random, value: unknown): string {
  const blank = (): string => random.pick(BLANKS);
  if (Array.isArray(value))
    return `[${value.map((one) => blank() + written(random, one) + blank()).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = random
    .shuffled(Object.entries(value))
    .map(
      ([key, one]) =>
        `${blank()}${JSON.stringify(key)}${blank()}:${blank()}${written(random, one)}${blank()}`,
    );
  return `{${entries.join(",")}}`;
}

/** What a client may say beside the words, this time or the next. */
function aside(random: Random): object {
  return random.pick([
    {},
    {},
    { cache_control: { type: "ephemeral" } },
    { id: words(random) },
    { annotations: [] },
  ]);
}

function parts(random: Random, texts: readonly string[], type: string): unknown {
  const [only] = texts;
  if (texts.length === 1 && random.chance(0.5)) return only;
  return texts.map((text) => ({ type, text, ...aside(random) }));
}

type Writer = (
  random: Random,
  beginning: Beginning,
  later: readonly object[],
) => readonly [path: string, body: string];

/** Fields of the top level come in an order that a client keeps to. */
function body(random: Random, fields: Readonly<Record<string, unknown>>): string {
  const rest = random.pick([[], ['"temperature":0.5'], ['"stream":true', '"tools":[{"messages":[]}]']]);
  const own = Object.entries(fields).map(([key, value]) => `"${key}":${written(random, value)}`);
  return `{${[...own, ...rest].join(",")}}`;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  chat: (random, { system, user }, later) => {
    const messages = [
      ...system.map((content) => ({ role: "system", content, ...aside(random) })),
      { role: "user", content: parts(random, user, "text"), ...aside(random) },
      ...later,
    ];
    return ["/v1/chat/completions", body(random, { messages })];
  },
  anthropic: (random, { system, user }, later) => {
    const messages = [{ role: "user", content: parts(random, user, "text") }, ...later];
    const blocks = system.map((text) => ({ type: "text", text, ...aside(random) }));
    return ["/v1/messages", body(random, { system: blocks, messages })];
  },
  responses: (random, { system, user }, later) => {
    const input = [{ type: "message", role: "user", content: parts(random, user, "input_text") }, ...later];
    return ["/v1/responses", body(random, { instructions: JSON.stringify(system), input })];
  },
};

function laterTurns(random: Random): object[] {
  return random.list(random.below(4), (index) => ({
    role: index % 2 === 0 ? "assistant" : "user",
    content: words(random),
  }));
}

test.each(Object.entries(WRITERS))("random conversations: %s", (_, write) => {
  forSeeds(1000, (random) => {
    const beginning = randomBeginning(random);
    const openings = random.list(3, () => openingIn(...write(random, beginning, laterTurns(random))));
    expect(openings[0]).toBeString();
    expect(new Set(openings).size).toBe(1);

    const other = randomBeginning(random);
    const isSame = JSON.stringify(other) === JSON.stringify(beginning);
    const opening = openingIn(...write(random, other, laterTurns(random)));
    expect(opening === openings[0]).toBe(isSame);
  });
});
