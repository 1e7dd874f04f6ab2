/** What single values of the configuration file may be: durations, sizes, names, URLs. */

import * as v from "valibot";

import { isWeight, WEIGHTS } from "../domain/alias.ts";
import { MAX_DURATION_MS, parseDuration } from "../domain/duration.ts";
import { isName } from "../domain/name.ts";
import { parseListen } from "./listen.ts";
import { parseSize } from "./size.ts";

/** A text that `parse` turns into something else; undefined from it means that the text is no such thing. */
function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return v.pipe(
    v.string(expected),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: `${expected}, got ${JSON.stringify(dataset.value)}` });
      return NEVER;
    }),
  );
}

export const duration = v.pipe(
  parsed('expected a duration such as "2s"', parseDuration),
  v.maxValue(MAX_DURATION_MS, "expected a duration of at most 24 days"),
);
export const positiveDuration = v.pipe(duration, v.minValue(1, "expected a duration of more than nothing"));
export const size = parsed('expected a size such as "256MiB"', (text) => {
  const bytes = parseSize(text);
  return bytes === undefined ? undefined : { bytes, text };
});
export const listen = parsed('expected "host:port", ":port", "[::1]:port" or "unix:/path"', parseListen);
export const flag = v.boolean("expected true or false");
function wholeNumber(least: number) {
  const expected = `expected a whole number from ${least} on`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(least, expected));
}
export const count = wholeNumber(1);
export const queueSize = wholeNumber(0);
export const weight = v.pipe(v.number(`expected ${WEIGHTS}`), v.check(isWeight, `expected ${WEIGHTS}`));
export const integer = v.pipe(v.number("expected an integer"), v.safeInteger("expected an integer"));

export const texts = v.array(v.string("expected a string"), "expected a list of strings");

export const names = v.array(
  v.pipe(
    v.string("expected a string"),
    v.check(isName, "expected a name that is not blank and has no control characters"),
    v.check((name) => !name.includes("*"), 'expected a name: a "*" stands for nothing here'),
  ),
  "expected a list of names",
);

export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `expected ${words.map((word) => JSON.stringify(word)).join(", ")}`);
}

/** A text without letters that would need quoting in logs and headers. */
export const backendName = v.pipe(
  v.string("expected a string"),
  v.regex(/^(?!\.{1,2}$)[\w.:-]{1,100}$/, "expected a name of letters, digits, dots, dashes and underscores"),
);

export const url = v.pipe(
  v.string("expected a URL"),
  v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
    const fault = urlFault(dataset.value);
    if (fault === undefined) return new URL(dataset.value).origin;
    addIssue({ message: fault });
    return NEVER;
  }),
);

/** What is wrong with a backend's URL; never quotes it, for it may hold a password. */
function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return !text.includes("://") && URL.canParse(`http://${text}`)
      ? "expected a URL: put http:// or https:// in front"
      : 'expected a URL such as "http://127.0.0.1:11434"';
  }
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:")
    return "expected a URL that begins with http:// or https://";
  if (username !== "" || password !== "") return 'expected a URL without credentials: put them in "key"';
  if (pathname === "/" && search === "" && hash === "") return undefined;
  return `expected a URL without a path: leave out ${JSON.stringify(pathname + search + hash)}, the router adds what follows the port`;
}

/** What may stand in a header; an empty one is none. */
export const key = v.pipe(
  v.string("expected a string"),
  v.regex(/^[\x21-\x7e]*$/, "expected printable characters without blanks"),
  v.transform((text) => (text === "" ? undefined : text)),
);
