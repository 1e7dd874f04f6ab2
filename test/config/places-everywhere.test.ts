/** In any document, every key and every element of a list is told where whoever wrote it began to write it. */

import { expect, test } from "bun:test";

import { parse } from "smol-toml";

import { type Path, type Place, placesOf } from "../../src/config/places.ts";
import { Random } from "../support/random.ts";
import { writeToml } from "../support/toml-writer.ts";

const DOCUMENTS = 400;

function isIn(document: unknown, path: Path): boolean {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
    value = Reflect.get(value, step);
  }
  return true;
}

function placeAt(toml: string, offset: number): Place {
  const lines = toml.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

test.each(["\n", "\r\n"])("places in random documents whose lines end with %j", (lineBreak) => {
  let paths = 0;
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const { toml, offsets } = writeToml(new Random(seed));
    const text = toml.replaceAll("\n", lineBreak);
    const document = parse(text);
    const placeOf = placesOf(text);
    for (const { path, offset } of offsets) {
      const found = { seed, path, isThere: isIn(document, path), ...placeOf(path) };
      expect(found).toEqual({ seed, path, isThere: true, ...placeAt(toml, offset) });
      paths++;
    }
  }
  expect(paths).toBeGreaterThan(10 * DOCUMENTS);
});
