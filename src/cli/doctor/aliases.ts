/** Whether aliases lead to models that somebody has, and whether pins, preloads and parameters have an effect. */

import type { Written } from "../../config/read.ts";
import type { Alias } from "../../domain/alias.ts";
import { storedAlias } from "../../domain/entry.ts";
import type { Backend } from "../../fleet/backend.ts";
import { hindranceOf, isHindered } from "../../http/hindrance.ts";
import { mistakenBehind } from "../../http/missing.ts";
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
  const { shadowed_by: shadow } = hindranceOf(alias, around);
  const isNowhere = leadsNowhere(alias, around);
  const told = isNowhere ? obstacles : obstacles.filter((text) => !MAY_BE.test(text));
  if (told.length === 0) return [];
  const down = around.fleet.backends.filter(({ stock, settings }) => !stock.up && !settings.presumed);
  const isFault = down.length === 0 && shadow === undefined && isNowhere;
  const finding = {
    what: aliasTitle(alias),
    state: isFault ? "fault" : "warn",
    text: told.join("; "),
  } as const;
  if (shadow !== undefined) return [{ ...finding, remedy: SHADOW_REMEDIES[shadow] }];
  const mayBe = told.some((text) => MAY_BE.test(text));
  return [{ ...finding, remedy: mayBe ? startRemedy(down) : remedyFor(alias, around, written) }];
}

/** Of a model that a backend that is down may have. */
const MAY_BE = /^no backend that is up has /;

function startRemedy(down: readonly Backend[]): string {
  return `first start ${down.map(({ name }) => `backend ${name}`).join(", or ")}, which may have it`;
}

const SHADOW_REMEDIES = {
  config: "take the alias of that name out of the file, if this one is meant",
  model: "set it by another name: the model goes before it",
} as const;

/** What is to be changed may be another that it leads to. */
function remedyFor(alias: Alias, around: Around, { sourceOf }: Written): string {
  const mistaken = mistakenBehind(alias, around);
  const title = aliasTitle(alias);
  const isOwn = mistaken.some((one) => aliasTitle(one) === title);
  const [{ name, source } = alias] = isOwn ? [] : mistaken;
  const first = aliasTitle({ name, source });
  const change = `let ${first === title ? "it" : first} stand for a model that there is`;
  const word = shellWord(name);
  if (source === "stored") return `${change}: mellamo alias set ${word} MODEL; or: mellamo alias rm ${word}`;
  const place = sourceOf(["aliases", name]);
  return `${change}${place === undefined ? "" : `, at ${place}`}`;
}
