/** A name is valid or not by the rules of Ollama's parser. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { isOllamaName } from "../../src/domain/ollama-name.ts";
import { capturedTable } from "../support/captures.ts";
import { forSeeds, type Random } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** Whether a real Ollama could make anything of a name as the source of a copy, which is the call that trims no blanks. */
const measured = capturedTable("ollama-names.tsv").map((columns): [name: string, isValid: boolean] => [
  JSON.parse(columns[0] ?? ""),
  !columns[8]?.startsWith("400"),
]);

const others: [name: string, isValid: boolean][] = [
  ["_tiny", true],
  ["t".repeat(81), false],
  [`tiny@sha256:${"0".repeat(64)}`, false],
  ["0", true],
  ["t".repeat(80), true],
  [`tiny:${"v".repeat(80)}`, true],
  [`tiny:${"v".repeat(81)}`, false],
  [`${"n".repeat(80)}/tiny`, true],
  [`${"n".repeat(81)}/tiny`, false],
  [`${"h".repeat(350)}/n/tiny`, true],
  [`${"h".repeat(351)}/n/tiny`, false],
  ["my.space/tiny", false],
  ["host:8080/n/tiny", true],
  ["host:8080/tiny", false],
  ["localhost:11434/library/tiny:8b", true],
  ["h/n/tiny:8b/x", false],
  ["//tiny", false],
  ["h//tiny", false],
  ["https:///n/tiny", false],
  ["tiny\n", false],
  ["tiny\u0000", false],
  ["tiny:8b\n", false],
  ["ｔｉｎｙ", false],
  ["tіny", false],
  ["__proto__", true],
];

test("names of both kinds were measured", () => {
  expect(measured.filter(([, isValid]) => isValid).length).toBeGreaterThan(15);
  expect(measured.filter(([, isValid]) => !isValid).length).toBeGreaterThan(15);
});

test.each([...measured, ...others])("%j is a name: %j", (name, isValid) => {
  expect(isOllamaName(name)).toBe(isValid);
  expect(isValidByTheSteps(name)).toBe(isValid);
});

test("any text is judged as Ollama's parser judges it, step by step", () => {
  const seen = { valid: 0, invalid: 0 };
  forSeeds(20_000, (random) => {
    const text = randomText(random);
    expect([text, isOllamaName(text)]).toEqual([text, isValidByTheSteps(text)]);
    seen[isOllamaName(text) ? "valid" : "invalid"]++;
  });
  if (process.env["SEED"] === undefined) expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000);
});

const PIECES = [
  "a",
  "Z",
  "7",
  "_",
  "-",
  ".",
  "é",
  " ",
  "@",
  "://",
  "latest",
  "library",
  "host.example",
] as const;
const LENGTHS = [1, 2, 79, 80, 81, 349, 350, 351] as const;

function randomText(random: Random): string {
  const part = (): string => {
    if (random.chance(0.1)) return "x".repeat(random.pick(LENGTHS));
    return random
      .list(random.below(4), () => random.pick(random.chance(0.8) ? ["a", "B", "1"] : PIECES))
      .join("");
  };
  return random
    .list(1 + random.below(4), part)
    .map((text, at) => (at === 0 ? text : random.pick(["/", "/", "/", ":", "://"]) + text))
    .join("");
}

const MISSING = "!MISSING!";

/** The steps of the parser one by one, written down slowly. */
function isValidByTheSteps(text: string): boolean {
  let rest = text;
  let tag = "latest";
  let namespace = "library";
  let host = "registry.ollama.ai";
  if (rest.lastIndexOf(":") > rest.lastIndexOf("/")) [rest, tag] = cut(rest, ":");
  let model = rest;
  if (rest.includes("/")) {
    [rest, model] = cut(rest, "/");
    namespace = rest;
    if (rest.includes("/")) {
      [rest, namespace] = cut(rest, "/");
      const scheme = rest.indexOf("://");
      host = scheme === -1 ? rest : rest.slice(scheme + 3);
    }
  }
  return (
    isPart(host, 350, ".:") && isPart(namespace, 80, "") && isPart(model, 80, ".") && isPart(tag, 80, ".")
  );
}

/** What is before and behind the last separator. */
function cut(text: string, separator: string): [string, string] {
  const at = text.lastIndexOf(separator);
  return [text.slice(0, at) || MISSING, text.slice(at + 1) || MISSING];
}

function isPart(part: string, longest: number, marks: string): boolean {
  const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  if (part.length < 1 || part.length > longest || !alphanumeric.includes(part.charAt(0))) return false;
  return [...part].every((character) => `${alphanumeric}-${marks}`.includes(character));
}
