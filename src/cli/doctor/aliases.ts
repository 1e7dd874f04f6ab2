/** Whether aliases lead to models that somebody has, and whether pins, preloads and parameters have an effect. */

import type { Written } from "../../config/read.ts";
import type { Alias } from "../../domain/alias.ts";
import { storedAlias } from "../../domain/entry.ts";
import { hindranceOf, isHindered } from "../../http/hindrance.ts";
import { leadsNowhere, obstaclesTo } from "../../http/nowhere.ts";
import { aliasTitle } from "../alias-text.ts";
import { modelNotes } from "../live-notes.ts";
import type { Around } from "../look-around.ts";
import { shellWord } from "../shell-word.ts";
import { cut, type Finding } from "./finding.ts";

const ALL = "mellamo check --live";

/** `isRead`: whether those that are stored could be read. */
export function aliasFindings(around: Around, written: Written, isRead: boolean): readonly Finding[] {
  const { config, entries, fleet } = around;
  const aliases = [...config.aliases, ...entries.map(storedAlias)];
  const isAnyUp = fleet.backends.some(({ stock }) => stock.up);
  const found = aliases
    // where no backend is up nobody has any model, and that is told
    .filter((alias) => isAnyUp || isHindered(hindranceOf(alias, around)))
    .flatMap((alias) => aliasFinding(alias, around, written));
  const notes = isAnyUp ? modelNotes(around) : [];
  return [
    ...(found.length === 0 ? [summary(around, isAnyUp, isRead)] : cut(found, ALL)),
    ...cut(
      notes.map((text) => ({ what: "models", state: "warn", text })),
      ALL,
    ),
  ];
}

function summary({ config, entries }: Around, isAnyUp: boolean, isRead: boolean): Finding {
  const what = "aliases";
  const count = `of the file: ${config.aliases.length}, stored: ${isRead ? entries.length : "not read"}`;
  if (isRead && config.aliases.length + entries.length === 0) return { what, state: "ok", text: "none yet" };
  if (isAnyUp) return { what, state: "ok", text: `all lead to models (${count})` };
  return { what, state: "warn", text: `where they lead shows when a backend is up (${count})` };
}

/** A fault is one that leads nowhere though all backends are up: what a backend that is down has is not known. */
function aliasFinding(alias: Alias, around: Around, written: Written): readonly Finding[] {
  const obstacles = obstaclesTo(alias, around);
  if (obstacles.length === 0) return [];
  const { shadowed_by: shadow } = hindranceOf(alias, around);
  const isAllUp = around.fleet.backends.every(({ stock, settings }) => stock.up || settings.presumed);
  const isFault = isAllUp && shadow === undefined && leadsNowhere(alias, around);
  const remedy = shadow === undefined ? remedyFor(alias, written) : SHADOW_REMEDIES[shadow];
  const text = obstacles.join("; ");
  return [{ what: aliasTitle(alias), state: isFault ? "fault" : "warn", text, remedy }];
}

const SHADOW_REMEDIES = {
  config: "take the alias of that name out of the file, if this one is meant",
  model: "set it by another name: the model goes before it",
} as const;

function remedyFor({ name, source }: Alias, { sourceOf }: Written): string {
  const word = shellWord(name);
  if (source === "stored")
    return `let it stand for a model that there is: mellamo alias set ${word} MODEL; or: mellamo alias rm ${word}`;
  const place = sourceOf(["aliases", name]);
  return `let it stand for a model that there is${place === undefined ? "" : `, at ${place}`}`;
}
