/** One step from an alias to what a target of it means: a model, or an alias to go on with. */

import { type Alias, isPattern, type Target } from "./alias.ts";
import type { Book } from "./book.ts";
import { MAX_NAME_LENGTH } from "./name.ts";

/** Whether a model is known by a name, on one backend or on any. */
export type IsModel = (name: string, backend?: string) => boolean;

/** An alias on the way from the asked name. */
export interface Visit {
  readonly alias: Alias;
  /** What its `*` stands for; "" where it is no pattern. */
  readonly captured: string;
  /** The name that led to it. */
  readonly name: string;
}

/** Stands for whatever a `*` may match, while the ways of a pattern are followed. */
export const ANYTHING = "\u{fffc}";

/** A name that the alias stands for: its own, or one that its pattern matches. In the store a `*` ends a prefix alone. */
export function sampleName(alias: Alias): string {
  if (!isPattern(alias)) return alias.name;
  return alias.name.replace(alias.source === "stored" ? /\*$/ : /\*/g, ANYTHING);
}

export type Step =
  | { readonly kind: "model"; readonly model: string }
  | { readonly kind: "alias"; readonly visit: Visit }
  /** Back to where the trail has been. */
  | { readonly kind: "cycle"; readonly visit: Visit };

/**
 * Where a target of `from` leads, `before` being the aliases on the way to it. The target's name means a model, and no
 * alias, where it stands beside a backend, where the alias bears it itself, and where it matches a pattern that was
 * followed already with another text.
 */
export function step(
  target: Target,
  from: Visit,
  before: readonly Visit[],
  book: Book,
  isModel: IsModel,
): Step {
  const model = nameOf(target, from);
  const visit = nextOf(target, from, book, isModel);
  if (visit === undefined) return { kind: "model", model };
  const seen = before.find(({ alias }) => alias === visit.alias);
  if (seen === undefined) return { kind: "alias", visit };
  return isPattern(visit.alias) && seen.captured !== visit.captured
    ? { kind: "model", model }
    : { kind: "cycle", visit };
}

/** The alias that a target leads to; undefined where it means a model. */
export function nextOf(target: Target, from: Visit, book: Book, isModel: IsModel): Visit | undefined {
  if (target.backend !== undefined) return undefined;
  const name = nameOf(target, from);
  const found = aliasOf(name, book, isModel);
  return found === undefined || found.alias === from.alias ? undefined : { ...found, name };
}

/** The target's name, with what was captured for each `*`. In the store a `*` is a character as any other. */
function nameOf({ model }: Target, { alias, captured }: Visit): string {
  return isPattern(alias) && alias.source === "config" ? filled(model, captured) : model;
}

/** What would be no name for its length stays as it is. */
function filled(model: string, captured: string): string {
  const parts = model.split("*");
  const length = model.length + (parts.length - 1) * captured.length;
  return length > MAX_NAME_LENGTH ? model : parts.join(captured);
}

/** What tells visits apart. */
export function visitIdentity({ alias, captured }: Visit): string {
  return `${isPattern(alias) ? "pattern" : "name"} ${alias.name}\n${captured}`;
}

/** The alias of a name: an exact one of the file; where no model bears the name, a stored one, or a pattern. */
export function aliasOf(
  name: string,
  book: Book,
  isModel: IsModel,
): { readonly alias: Alias; readonly captured: string } | undefined {
  const configured = book.configured(name);
  if (configured !== undefined) return { alias: configured, captured: "" };
  if (isModel(name)) return undefined;
  const stored = book.stored(name);
  return stored === undefined ? book.pattern(name) : { alias: stored, captured: "" };
}
