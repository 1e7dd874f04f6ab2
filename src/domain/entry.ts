/** An alias as the alias API and the store's file write it: Ollama's three fields, and ours beside them. */

import { type Alias, isPattern, type Source, type Strategy, type Target } from "./alias.ts";
import { fold } from "./name.ts";
import { type Parameters, parametersOf } from "./parameters.ts";

/** Ours are there only where somebody gave them. */
export interface Entry extends Parameters {
  readonly alias: string;
  /** The first of the targets. */
  readonly target: string;
  readonly prefix_matching?: boolean | undefined;
  readonly targets?: readonly (string | Target)[] | undefined;
  readonly strategy?: Strategy | undefined;
  readonly listed?: boolean | undefined;
  readonly echo?: boolean | undefined;
}

/** What may be known of an entry before it is one. */
type Parts = { readonly [Key in keyof Entry]?: Entry[Key] | null | undefined };

/** An entry with its keys in their order, and none that says nothing. The first of several targets is its target. */
export function entryOf({ alias, target, prefix_matching: isPrefix, ...rest }: Parts): Entry {
  const { targets, strategy, listed, echo, ...parameters } = rest;
  const [first] = targets ?? [];
  const optional = {
    prefix_matching: isPrefix || undefined,
    targets,
    strategy,
    listed,
    echo,
    ...parametersOf({
      options: parameters.options ?? undefined,
      keep_alive: parameters.keep_alive ?? undefined,
      force: parameters.force ?? undefined,
    }),
  };
  return {
    alias: alias ?? "",
    target: (typeof first === "string" ? first : first?.model) ?? target ?? "",
    ...Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined && value !== null),
    ),
  };
}

/** The alias that an entry of the store stands for. */
export function storedAlias(entry: Entry): Alias {
  const targets = entry.targets ?? [entry.target];
  const isPrefix = entry.prefix_matching === true;
  return {
    name: isPrefix ? `${entry.alias}*` : entry.alias,
    source: "stored" satisfies Source,
    pattern: isPrefix ? [fold(entry.alias), ""] : undefined,
    targets: targets.map((target) => (typeof target === "string" ? { model: target } : target)),
    strategy: entry.strategy ?? "pool",
    listed: entry.listed ?? true,
    echo: entry.echo ?? true,
    parameters: parametersOf(entry),
  };
}

/** The entry of an alias of the file; undefined for a pattern that is more than a prefix, which no entry can say. */
export function configEntry(alias: Alias): Entry | undefined {
  const { name, pattern, targets, strategy, listed, echo, parameters } = alias;
  const [first] = targets;
  if (first === undefined || (isPattern(alias) && !isPrefix(alias))) return undefined;
  const isPlain = targets.length === 1 && isNameAlone(first);
  return entryOf({
    alias: pattern === undefined ? name : name.slice(0, -1),
    target: first.model,
    prefix_matching: pattern !== undefined,
    targets: isPlain ? undefined : targets.map((one) => (isNameAlone(one) ? one.model : one)),
    strategy: strategy === "pool" ? undefined : strategy,
    listed: listed ? undefined : false,
    echo: echo ? undefined : false,
    ...parameters,
  });
}

function isNameAlone({ backend, weight }: Target): boolean {
  return backend === undefined && weight === undefined;
}

function isPrefix({ pattern }: Alias): boolean {
  return pattern?.length === 2 && pattern[1] === "";
}
