/** Writes aliases down as shortly as a configuration file does. */

import { type Alias, configAlias, type Strategy, type Target } from "../../src/domain/alias.ts";
import { type Book, bookOf } from "../../src/domain/book.ts";

/** A target; `model@backend` where it is on a named one. */
type WrittenTargets = string | readonly string[];

/** One target, several in a pool, or several in an order. */
export type Written = WrittenTargets | { readonly order: WrittenTargets };

export function alias(name: string, written: Written): Alias {
  const ordered = typeof written === "object" && "order" in written;
  const strategy: Strategy = ordered ? "order" : "pool";
  const texts = [ordered ? written.order : written].flat();
  return configAlias(name, { targets: texts.map(target), strategy, listed: true, echo: true });
}

export function aliases(written: Readonly<Record<string, Written>>): Alias[] {
  return Object.entries(written).map(([name, targets]) => alias(name, targets));
}

export function book(written: Readonly<Record<string, Written>>): Book {
  return bookOf(aliases(written));
}

/** `a1` leads to `a2` and so on; the last one leads to the model `m`. Its hops are one fewer than its aliases. */
export function chain(length: number): Record<string, string> {
  const names = Array.from({ length }, (_, index) => `a${index + 1}`);
  return Object.fromEntries(names.map((name, index) => [name, names[index + 1] ?? "m"]));
}

function target(text: string): Target {
  const [model = "", backend] = text.split("@");
  return backend === undefined ? { model } : { model, backend };
}
