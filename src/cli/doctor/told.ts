/** What the mellamo that runs says of its backends and aliases, for a shell that cannot look at them itself. */

import { ENGINES } from "../../engines/detect.ts";
import { hindranceText, isHindered } from "../../http/hindrance.ts";
import { aliasTitle } from "../alias-text.ts";
import { shellWord } from "../shell-word.ts";
import { conditionOf } from "../status-schema.ts";
import { troubleRemedy } from "./backend-remedy.ts";
import { cut, type Finding } from "./finding.ts";
import type { Running } from "./running.ts";

type Backend = NonNullable<Running["backends"]>[number];
type Alias = NonNullable<Running["aliases"]>[number];

/** Undefined where it does not tell, or not so that this version understands. */
export function toldFindings(running: Running | undefined): readonly Finding[] | undefined {
  if (running?.backends === undefined || running.aliases === undefined) return undefined;
  const { backends, aliases } = running;
  const isAllUp = backends.every(({ up }) => up);
  const wrong = aliases.flatMap((alias) => aliasFinding(alias, isAllUp));
  return [
    ...backends.map(backendFinding),
    ...(wrong.length === 0 ? [summary(aliases, isAllUp)] : cut(wrong, "mellamo status")),
  ].map((finding) => ({ ...finding, text: `${finding.text}, by the mellamo that runs` }));
}

function backendFinding(backend: Backend): Finding {
  const { name, url, engine, up, drained, models } = backend;
  const what = `backend ${name}`;
  const trouble = backend.trouble ?? "";
  if (!up) return { what, state: "fault", text: `${url}: ${trouble}`, remedy: troubleRemedy(url, trouble) };
  const title = ENGINES.find((one) => one.name === engine)?.title ?? engine ?? "an engine";
  const text = `${title} at ${url} (models: ${models.length})`;
  const condition = conditionOf(backend);
  if (condition === "up") return { what, state: models.length > 0 ? "ok" : "warn", text };
  const resume = drained === null ? {} : { remedy: `mellamo backend resume ${shellWord(name)}` };
  return { what, state: "warn", text: `${text}: ${condition}`, ...resume };
}

/** Of one that leads nowhere while a backend is down nothing is known. */
function aliasFinding(alias: Alias, isAllUp: boolean): readonly Finding[] {
  const { name, backends } = alias;
  const what = aliasTitle(alias);
  if (isHindered(alias)) {
    const remedy = `look at where it leads: mellamo resolve ${shellWord(name)}`;
    const state = alias.broken === undefined ? "warn" : "fault";
    return [{ what, state, text: hindranceText(alias), remedy }];
  }
  if (backends.length > 0 || !isAllUp || name.includes("*")) return [];
  const remedy = `let it stand for a model that there is: mellamo resolve ${shellWord(name)} tells for what it does`;
  return [{ what, state: "fault", text: "no backend has a model for it", remedy }];
}

function summary(aliases: readonly Alias[], isAllUp: boolean): Finding {
  const what = "aliases";
  const stored = aliases.filter(({ source }) => source === "stored").length;
  const count = `of the file: ${aliases.length - stored}, stored: ${stored}`;
  if (aliases.length === 0) return { what, state: "ok", text: "none yet" };
  if (isAllUp) return { what, state: "ok", text: `all lead to models (${count})` };
  return { what, state: "warn", text: `where they lead shows when all backends are up (${count})` };
}
