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

/** An alias with the length of its literal part. */
interface Measured {
  readonly alias: Alias;
  readonly length: number;
}

/** A pattern with its only `*` at the end. */
interface Prefix extends Measured {
  readonly text: string;
  /** The longest of the others that it begins with. */
  readonly within: Prefix | undefined;
}

/** Indexes pattern aliases. Of equally long ones one of the file wins, then a prefix, then the earlier. */
export function patternsOf(aliases: readonly Alias[]): Patterns {
  const byText = new Map<string, Alias>();
  const globs: (Measured & { readonly glob: Glob })[] = [];
  for (const alias of aliases) {
    const { pattern: glob } = alias;
    if (glob === undefined) continue;
    const [text = "", ...others] = glob;
    if (others.length > 1 || others[0] !== "") globs.push({ alias, glob, length: glob.join("").length });
    else if (!byText.has(text)) byText.set(text, alias);
  }
  globs.sort((a, b) => b.length - a.length);
  const prefixes = sortedPrefixes(byText);
  return {
    find(name) {
      const forms = [...new Set([name.trim(), bareName(name)])];
      let best: (PatternMatch & Measured) | undefined;
      for (const form of forms) {
        const prefix = longestPrefix(prefixes, fold(form));
        if (prefix === undefined || (best !== undefined && !outranks(prefix, best))) continue;
        best = { alias: prefix.alias, captured: form.slice(prefix.length), length: prefix.length };
      }
      for (const one of globs) {
        if (best !== undefined && !outranks(one, best)) break;
        for (const form of forms) {
          const captured = matchGlob(one.glob, form);
          if (captured !== undefined) return { alias: one.alias, captured };
        }
      }
      return best && { alias: best.alias, captured: best.captured };
    },
  };
}

function outranks(one: Measured, other: Measured): boolean {
  if (one.length !== other.length) return one.length > other.length;
  return one.alias.source === "config" && other.alias.source === "stored";
}

function sortedPrefixes(byText: ReadonlyMap<string, Alias>): Prefix[] {
  const prefixes: Prefix[] = [];
  for (const text of [...byText.keys()].sort()) {
    const alias = byText.get(text);
    if (alias === undefined) continue;
    prefixes.push({ text, alias, length: text.length, within: longestPrefix(prefixes, text) });
  }
  return prefixes;
}

/**
 * The longest that the text begins with. In a sorted list all that come between it and the text begin with it, too: so
 * the last that is not after the text is the one, or leads to it.
 */
function longestPrefix(sorted: readonly Prefix[], text: string): Prefix | undefined {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle]?.text ?? "") <= text) from = middle + 1;
    else to = middle;
  }
  let found = sorted[from - 1];
  while (found !== undefined && !text.startsWith(found.text)) found = found.within;
  return found;
}
