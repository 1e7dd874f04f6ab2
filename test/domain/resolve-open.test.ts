/** Whoever asks by name has only the models that are open; aliases lead to all that there are. */

import { expect, test } from "bun:test";

import { configAlias } from "../../src/domain/alias.ts";
import { bookOf } from "../../src/domain/book.ts";
import { storedAlias } from "../../src/domain/entry.ts";
import { keyOf } from "../../src/domain/name.ts";
import { resolve } from "../../src/domain/resolve.ts";

const MODELS = ["open", "hidden", "named", "lost", "gpt-hidden"];

function alias(name: string, ...models: string[]) {
  return configAlias(name, {
    targets: models.map((model) => ({ model })),
    strategy: "pool",
    listed: true,
    echo: true,
    parameters: undefined,
  });
}

const BOOK = bookOf(
  [
    alias("fast", "hidden"),
    alias("chain", "fast"),
    alias("named", "named"),
    alias("lost", "nobody"),
    alias("gpt-*", "nobody"),
    alias("any/*", "*"),
    alias("inner", "gpt-hidden"),
  ],
  [
    { alias: "hidden", target: "open" },
    { alias: "open", target: "hidden" },
  ].map(storedAlias),
);

/** The models that a name stands for, and whether that is by an alias. */
function leads(name: string): string {
  const is = (models: readonly string[]) => (asked: string) => models.includes(keyOf(asked));
  const resolution = resolve(name, BOOK, is(MODELS), is(["open"]));
  if (resolution.kind !== "route") return resolution.kind;
  const { alias: by, targets } = resolution.route;
  return `${by?.name ?? "itself"}: ${targets.map(({ model }) => model).join(", ")}`;
}

test.each([
  ["an open model is itself, whatever was set under its name", "open", "itself: open"],
  ["a hidden one is what was set under its name", "HIDDEN:latest", "hidden: open"],
  ["a name of the file leads to a hidden model", "fast", "fast: hidden"],
  ["so does a chain, whose targets are models before what was set", "chain", "chain: hidden"],
  ["so does one that bears its name", "named", "named: named"],
  ["so does one whose target is what it matched", "any/hidden", "any/*: hidden"],
  ["so does a target that a pattern matches", "inner", "inner: gpt-hidden"],
  ["one whose target is nowhere does not give way to a hidden model of its name", "lost", "lost: nobody"],
  ["nor does a pattern", "gpt-hidden", "gpt-*: nobody"],
  ["a name that is no model's and no alias's is nothing", "other", "nothing"],
])("%s", (_, name, where) => {
  expect(leads(name)).toBe(where);
});
