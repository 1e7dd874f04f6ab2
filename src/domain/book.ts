/** The aliases of one configuration, indexed by name. */

import { type Alias, isPattern } from "./alias.ts";
import { keyOf } from "./name.ts";
import { type PatternMatch, patternsOf } from "./pattern.ts";

export interface Book {
  /** In the order they were written. */
  readonly aliases: readonly Alias[];
  /** The alias of exactly this name; the same string goes before the same name. */
  exact(name: string): Alias | undefined;
  pattern(name: string): PatternMatch | undefined;
}

export function bookOf(aliases: readonly Alias[]): Book {
  const byText = new Map<string, Alias>();
  const byKey = new Map<string, Alias>();
  for (const alias of aliases) {
    if (isPattern(alias)) continue;
    byText.set(alias.name, alias);
    byKey.set(keyOf(alias.name), alias);
  }
  const patterns = patternsOf(aliases.filter(isPattern));
  return {
    aliases,
    exact: (name) => byText.get(name) ?? byKey.get(keyOf(name)),
    pattern: (name) => patterns.find(name),
  };
}
