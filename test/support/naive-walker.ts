/** Follows aliases as slowly as a reader of the rules would: by lists, one step after the other, all ways on. */

import type { Alias, Target } from "../../src/domain/alias.ts";
import { storedAlias } from "../../src/domain/entry.ts";
import { keyOf, shortName } from "../../src/domain/name.ts";
import { around, type World } from "./alias-world.ts";
import { aliases } from "./aliases.ts";

/** An alias with the text that its star stands for, where its targets take that on. */
export interface Stop {
  readonly alias: Alias;
  readonly text: string;
}

/** After so many it is given up: more walks show nothing else. */
const MAX_STEPS = 20_000;

export class Walker {
  private readonly file: readonly Alias[];
  private readonly stored: readonly Alias[];
  private readonly isModel: (name: string) => boolean;
  private readonly patience: number;
  private steps = 0;

  /** A pattern that is met again with another text means a model, but for a walk of fewer steps than `patience`. */
  constructor(world: World, patience = 0) {
    this.patience = patience;
    this.file = aliases(world.file ?? {});
    const hidden = this.file.map(identity);
    this.stored = (world.stored ?? []).map(storedAlias).filter((one) => !hidden.includes(identity(one)));
    this.isModel = around(world).isModel;
  }

  /** The alias that a name means. */
  meant(name: string): Stop | undefined {
    const isNamed = (one: Alias): boolean => !isStarred(one) && keyOf(one.name) === keyOf(name);
    const configured = this.file.findLast(isNamed);
    if (configured !== undefined) return { alias: configured, text: "" };
    if (this.isModel(name)) return undefined;
    const stored = this.stored.find(isNamed);
    if (stored !== undefined) return { alias: stored, text: "" };
    const fitting = [...this.file, ...this.stored].flatMap((alias) => {
      const text = isStarred(alias) ? starText(alias, name) : undefined;
      return text === undefined ? [] : [{ alias, text: takesOn(alias) ? text : "" }];
    });
    return fitting.sort((a, b) => rank(b.alias) - rank(a.alias))[0];
  }

  /** The walks from an alias until they end or come to where they have been; those end with that stop again. */
  *walksFrom(stop: Stop, before: readonly Stop[] = []): Generator<readonly Stop[]> {
    if (++this.steps > MAX_STEPS) return;
    const trail = [...before, stop];
    let isEnd = true;
    for (const target of stop.alias.targets) {
      const next = this.next(target, stop);
      if (next === undefined || next.alias === stop.alias) continue;
      isEnd = false;
      const seen = trail.filter(({ alias }) => alias === next.alias);
      if (seen.some(({ text }) => text === next.text)) yield [...trail, next];
      else if (seen.length === 0 || trail.length < this.patience) yield* this.walksFrom(next, trail);
      else yield trail;
    }
    if (isEnd) yield trail;
  }

  /** Where all walks may begin: a star stands for a text that nothing else has. */
  starts(): Stop[] {
    return [...this.file, ...this.stored].map((alias) => ({ alias, text: takesOn(alias) ? "\u{fffc}" : "" }));
  }

  /** The stops that one leads to directly. */
  nexts(stop: Stop): Stop[] {
    return stop.alias.targets.flatMap((target) => this.next(target, stop) ?? []);
  }

  /** The models that a name stands for, where there are no circles: depth first, as they come. */
  models(name: string, before: readonly Stop[] = []): string[] {
    const stop = this.meant(name);
    const seen = before.findLast(({ alias }) => alias === stop?.alias);
    if (stop === undefined || seen !== undefined) return [name];
    return stop.alias.targets.flatMap((target) =>
      target.backend === undefined ? this.models(filled(target, stop), [...before, stop]) : [target.model],
    );
  }

  private next(target: Target, stop: Stop): Stop | undefined {
    return target.backend === undefined ? this.meant(filled(target, stop)) : undefined;
  }
}

/** Whether a walk came back to where it had been. */
export function isCircular(walk: readonly Stop[]): boolean {
  const last = walk.at(-1);
  return walk.slice(0, -1).some(({ alias, text }) => alias === last?.alias && text === last.text);
}

/** The aliases that the end of a circular walk goes round. */
export function circleOf(walk: readonly Stop[]): Alias[] {
  const last = walk.at(-1);
  return walk
    .slice(
      walk.findIndex(({ alias }) => alias === last?.alias),
      -1,
    )
    .map(({ alias }) => alias);
}

export function isStarred({ pattern }: Alias): boolean {
  return pattern !== undefined;
}

function filled({ model }: Target, { alias, text }: Stop): string {
  return takesOn(alias) ? model.replaceAll("*", text) : model;
}

function takesOn(alias: Alias): boolean {
  return (
    alias.source === "config" && isStarred(alias) && alias.targets.some(({ model }) => model.includes("*"))
  );
}

function identity(alias: Alias): string {
  return isStarred(alias) ? `*${alias.name.toLowerCase()}` : keyOf(alias.name);
}

/** The longer literal part goes first; of equally long ones the file's, then a prefix. */
function rank({ name, source, pattern }: Alias): number {
  const length = source === "config" ? name.replaceAll("*", "").length : name.length - 1;
  return 4 * length + (source === "config" ? 2 : 0) + (pattern?.length === 2 && name.endsWith("*") ? 1 : 0);
}

function starText({ name, source }: Alias, asked: string): string | undefined {
  const parts = source === "config" ? name.split("*") : [name.slice(0, -1), ""];
  const pattern = new RegExp(`^${parts.map((part) => RegExp.escape(part)).join("(.*?)")}$`, "i");
  const forms = [asked, shortName(asked).replace(/:latest$/i, "")];
  return forms.map((form) => pattern.exec(form)?.[1]).find((text) => text !== undefined);
}
