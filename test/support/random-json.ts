/** Random JSON texts, written in odd ways, with holes where a test wants to put something. */

import type { Random } from "./random.ts";

/** Where a test puts its own text. */
export const HOLE = Symbol("hole");

/** A JSON text in pieces. */
export type Parts = readonly (string | typeof HOLE)[];

export function fill(parts: Parts, text: string): string {
  return parts.map((part) => (part === HOLE ? text : part)).join("");
}

/** Keys that look like those that name a model, or stand deeper down where they name none. */
const DEEP_KEYS = [
  '"model"',
  '"name"',
  '"message"',
  '"response"',
  '"Model"',
  '"x"',
  '"mod\\u0065l"',
] as const;
const TOP_KEYS = [
  '"models"',
  '"mode"',
  '"modell"',
  '""',
  '"\\"model"',
  '"model\\\\"',
  '"x"',
  '"ключ"',
] as const;

/** Strings whose text looks like JSON, ends in odd ways, or is cut within a character when it is cut anywhere. */
const STRINGS = [
  '""',
  '"model"',
  '"tiny"',
  '"\\"model\\":\\"tiny\\""',
  '"{\\"model\\":\\"tiny\\"}"',
  '"}],{"',
  '"\\\\"',
  '"\\\\\\""',
  '"ends in a slash\\\\"',
  '"\\u0022\\n\\/"',
  '"né 模型 🦙"',
  '"\\ud83e\\udd99 \\ud800"',
  '"data: {"',
] as const;

/** Numbers that would not survive being read into a JavaScript number and written again. */
const SCALARS = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1.0",
  "1e400",
  "18446744073709551615",
  "12345678901234567890.5",
] as const;

export interface Style {
  /** What may stand between two tokens. */
  readonly blanks: readonly [string, ...string[]];
}

export const ONE_LINE: Style = { blanks: ["", "", "", " ", "\t"] };
export const ANY_LINES: Style = { blanks: ["", "", "", " ", "\t", "\n", "\r\n  "] };

/**
 * An object that has the given entries (each a key, a colon and a value) among others, which name no model at its
 * top but may well do so deeper down.
 */
export function randomObject(random: Random, style: Style, given: readonly Parts[]): Parts {
  const others = random.list(random.below(4), (): Parts => [
    random.pick(TOP_KEYS),
    random.pick(style.blanks),
    ":",
    random.pick(style.blanks),
    randomValue(random, style, 0),
  ]);
  return enclosed("{", "}", random.shuffled([...given, ...others]), random, style);
}

/** The text of any value; what names a model in it stands too deep to count. */
export function randomValue(random: Random, style: Style, depth: number): string {
  const kind = random.below(depth > 3 ? 2 : 4);
  if (kind === 0) return random.pick(STRINGS);
  if (kind === 1) return random.pick(SCALARS);
  const items = random.list(random.below(4), (): Parts => {
    const value = randomValue(random, style, depth + 1);
    return kind === 2 ? [value] : [random.pick(DEEP_KEYS), random.pick(style.blanks), ":", value];
  });
  const [open, close] = kind === 2 ? ["[", "]"] : ["{", "}"];
  return fill(enclosed(open, close, items, random, style), "");
}

function enclosed(
  open: string,
  close: string,
  items: readonly Parts[],
  random: Random,
  { blanks }: Style,
): Parts {
  const spaced = items.flatMap((item, index): Parts => [
    index === 0 ? "" : ",",
    random.pick(blanks),
    ...item,
    random.pick(blanks),
  ]);
  return [open, ...(spaced.length === 0 ? [random.pick(blanks)] : spaced), close];
}
