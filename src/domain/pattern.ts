/** Finds the pattern alias with the longest literal part that matches a name, without looking at each of them. */

import type { Alias } from "./alias.ts";
import { type Glob, matchGlob } from "./glob.ts";
import { bareName, fold } from "./name.ts";

export interface PatternMatch {
  readonly alias: Alias;
  /** What the first `*` matched, in the letter case that was asked. */
  readonly captured: string;
}

export interface Patterns {
  /** Looks at the name as sent, then at its short form (design: "gpt-*-mini" means "gpt-4-mini:latest" too). */
  find(name: string): PatternMatch | undefined;
}

/** Patterns of one literal length: those with their only `*` at the end by their text, the others one by one. */
interface Tier {
  readonly length: number;
  readonly prefixes: Map<string, Alias>;
  readonly globs: { readonly alias: Alias; readonly glob: Glob }[];
}

/** Indexes pattern aliases. Of those whose literal parts are equally long a prefix wins, else the earlier. */
export function patternsOf(aliases: readonly Alias[]): Patterns {
  const tiers = new Map<number, Tier>();
  for (const alias of aliases) {
    const { pattern: glob } = alias;
    if (glob === undefined) continue;
    const length = glob.join("").length;
    const tier: Tier = tiers.get(length) ?? { length, prefixes: new Map(), globs: [] };
    tiers.set(length, tier);
    const [prefix = "", ...others] = glob;
    if (others.length > 1 || others[0] !== "") tier.globs.push({ alias, glob });
    else if (!tier.prefixes.has(prefix)) tier.prefixes.set(prefix, alias);
  }
  const longestFirst = [...tiers.values()].sort((a, b) => b.length - a.length);
  return {
    find(name) {
      const asSent = name.trim();
      const short = bareName(name);
      for (const tier of longestFirst) {
        const match = matchTier(tier, asSent) ?? matchTier(tier, short);
        if (match !== undefined) return match;
      }
      return undefined;
    },
  };
}

function matchTier(tier: Tier, name: string): PatternMatch | undefined {
  if (name.length < tier.length) return undefined;
  const prefixed = tier.prefixes.get(fold(name.slice(0, tier.length)));
  if (prefixed !== undefined) return { alias: prefixed, captured: name.slice(tier.length) };
  for (const { alias, glob } of tier.globs) {
    const captured = matchGlob(glob, name);
    if (captured !== undefined) return { alias, captured };
  }
  return undefined;
}
