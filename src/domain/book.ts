/** The aliases of the configuration and of the store, indexed by name. */

import { type Alias, isPattern } from "./alias.ts";
import { keyOf } from "./name.ts";
import { type PatternMatch, patternsOf } from "./pattern.ts";

export interface Book {
  /** Those that the file does not hide, the file's first, in the order they were written. */
  readonly aliases: readonly Alias[];
  /** The alias of exactly this name that the file defines; the same string goes before the same name. */
  configured(name: string): Alias | undefined;
  /** The alias of exactly this name that the store has, and the file has not. */
  stored(name: string): Alias | undefined;
  /** The longest pattern that matches, from either place. */
  pattern(name: string): PatternMatch | undefined;
  /** Whether the file defines an alias of the same name or pattern. */
  isConfigured(alias: Pick<Alias, "name" | "pattern">): boolean;
}

/** Of equal names in one place the last one counts. */
export function bookOf(config: readonly Alias[], store: readonly Alias[] = []): Book {
  const identities = new Set(config.map(nameIdentity));
  const stored = store.filter((alias) => !identities.has(nameIdentity(alias)));
  const aliases = [...config, ...stored];
  const patterns = patternsOf(aliases.filter(isPattern));
  return {
    aliases,
    configured: lookup(config),
    stored: lookup(stored),
    pattern: (name) => patterns.find(name),
    isConfigured: (alias) => identities.has(nameIdentity(alias)),
  };
}

/** The form under which aliases of the same name, or of the same pattern, are equal strings. */
export function nameIdentity({ name, pattern }: Pick<Alias, "name" | "pattern">): string {
  return pattern === undefined ? `name ${keyOf(name)}` : `pattern ${pattern.join("\n")}`;
}

function lookup(aliases: readonly Alias[]): (name: string) => Alias | undefined {
  const byText = new Map<string, Alias>();
  const byKey = new Map<string, Alias>();
  for (const alias of aliases) {
    if (isPattern(alias)) continue;
    byText.set(alias.name, alias);
    byKey.set(keyOf(alias.name), alias);
  }
  return (name) => byText.get(name) ?? byKey.get(keyOf(name));
}
