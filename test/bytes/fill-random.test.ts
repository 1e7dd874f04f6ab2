/** However a request is written, an engine reads in it what was settled, and no byte but of that is another. */

import { expect, test } from "bun:test";

import { inOrder, splice } from "../../src/bytes/splice.ts";
import { fillParameters } from "../../src/dialects/parameters.ts";
import { entriesOf, fieldOf, goRead } from "../support/go-request.ts";
import { ANY_LINES, randomValue } from "../support/random-json.ts";
import { forSeeds, type Random } from "../support/random.ts";

const NAMES = ["num_ctx", "seed", "stop"] as const;
const OPTION_KEYS = [
  ...NAMES,
  "NUM_CTX",
  "num\\u005fctx",
  "\\u0073eed",
  "x",
  "options",
  "keep_alive",
] as const;
const VALUES = ["null", "1", "2", "1.0", '"1"', "[]", '["a"]', "{}", "true", '"\\"num_ctx\\":5}"'] as const;
const OPTIONS = ["options", "Options", "OPTIONS", "opt\\u0069ons", "option\u017f"] as const;
const KEEP = ["keep_alive", "KEEP_ALIVE", "keep\\u005Falive", "\u212aeep_alive"] as const;

function object(random: Random, entries: readonly (readonly [key: string, value: string])[]): string {
  const blank = (): string => random.pick(ANY_LINES.blanks);
  const texts = entries.map(([key, value]) => `${blank()}"${key}"${blank()}:${blank()}${value}${blank()}`);
  return `{${texts.length === 0 ? blank() : texts.join(",")}}`;
}

function randomRequest(random: Random): string {
  const options = random.list(random.below(4), (): [string, string] => {
    const entries = random.list(random.below(4), (): [string, string] => [
      random.pick(OPTION_KEYS),
      random.pick(VALUES),
    ]);
    return [random.pick(OPTIONS), random.chance(0.25) ? "null" : object(random, entries)];
  });
  const keeps = random.list(random.below(3), (): [string, string] => [
    random.pick(KEEP),
    random.pick(VALUES),
  ]);
  const others = random.list(1 + random.below(2), (): [string, string] => [
    random.pick(["model", "x", "num_ctx", "é"]),
    randomValue(random, ANY_LINES, 0),
  ]);
  const rest = random.pick(["", "\n", ' {"options":{"num_ctx":7}}']);
  return (
    random.pick(ANY_LINES.blanks) + object(random, random.shuffled([...options, ...keeps, ...others])) + rest
  );
}

interface Wanted {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly keep_alive?: number;
}

function randomWanted(random: Random): Wanted {
  const names = NAMES.filter(() => random.chance(0.4));
  const valueOf = (name: string): unknown => (name === "stop" ? ["a"] : 1 + random.below(2));
  return {
    ...(names.length === 0
      ? {}
      : { options: Object.fromEntries(names.map((name) => [name, valueOf(name)])) }),
    ...(random.chance(0.4) ? { keep_alive: random.below(3) } : {}),
  };
}

/** Values as they are written. */
function written({ options = {}, keep_alive }: Wanted): Partial<ReturnType<typeof goRead>> {
  const texts = Object.entries(options).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return {
    options: Object.fromEntries(texts),
    ...(keep_alive === undefined ? {} : { keep_alive: String(keep_alive) }),
  };
}

test("an engine reads the forces, else what the request says, else the defaults", () => {
  forSeeds(4000, (random) => {
    const text = randomRequest(random);
    const [defaults, force] = [randomWanted(random), randomWanted(random)];
    const body = Buffer.from(text);
    const filling = fillParameters(body, { defaults, force }, "options", undefined);
    if (!("edits" in filling)) throw new Error(`${text}: ${JSON.stringify(filling)}`);
    const result = Buffer.from(splice(body, inOrder(filling.edits))).toString();
    const [first, asked, last] = [written(defaults), goRead(text), written(force)];
    const expected = { ...first, ...asked, ...last };
    expect({ text, ...goRead(result) }).toEqual({
      text,
      ...expected,
      options: { ...first.options, ...asked.options, ...last.options },
    });
    if (Bun.deepEquals(goRead(result), asked)) {
      // nobody reads a difference: what was written over are values that do not count
      for (const { start, end } of filling.edits) expect(end).toBeGreaterThan(start);
    }
  });
});

test("what is replaced is a value that had to give way, and what is put in stands at the front of an object", () => {
  forSeeds(4000, (random) => {
    const text = randomRequest(random);
    const [defaults, force] = [randomWanted(random), randomWanted(random)];
    const filling = fillParameters(Buffer.from(text), { defaults, force }, "options", undefined);
    if (!("edits" in filling)) throw new Error(`${text}: ${JSON.stringify(filling)}`);
    // the test's own reader counts letters, the edits count bytes
    const latin = Buffer.from(text).toString("latin1");
    const named = (key: string): string => Buffer.from(key, "latin1").toString();
    const top = entriesOf(latin).map((entry) => ({ ...entry, key: fieldOf(named(entry.key)) }));
    const inner = top.filter(({ key, value }) => key === "options" && value !== "null");
    const places = [
      ...top.filter(({ key }) => key === "keep_alive"),
      ...inner.flatMap(({ value, start }) => entriesOf(value, start)),
    ];
    for (const { start, end } of filling.edits) {
      if (start === end) {
        expect(latin[start - 1]).toBe("{");
        continue;
      }
      const place = places.find((entry) => entry.start === start && entry.end === end);
      if (place === undefined) {
        const isNull = top.some(
          (entry) => entry.start === start && entry.key === "options" && entry.value === "null",
        );
        expect(isNull).toBe(true);
        continue;
      }
      const forced =
        place.key === "keep_alive" && top.includes(place)
          ? force.keep_alive !== undefined
          : Object.hasOwn(force.options ?? {}, place.key);
      expect(forced || place.value === "null").toBe(true);
    }
  });
});
