/** Whether backends can be reached, which engines they are, and how many models they have. */

import type { Backend } from "../../fleet/backend.ts";
import { noneFoundText, seenText } from "../live-notes.ts";
import type { Around } from "../look-around.ts";
import { addressOf } from "../server-address.ts";
import { shellWord } from "../shell-word.ts";
import { conditionOf } from "../status-schema.ts";
import { remedyFor } from "./backend-remedy.ts";
import type { Finding } from "./finding.ts";
import type { Running } from "./running.ts";

/** `running` is the router that uses them. */
export async function backendFindings(
  { config, fleet }: Around,
  running: Running | undefined,
): Promise<readonly Finding[]> {
  const own = addressOf(config.server.listen).url;
  const expected = fleet.backends.filter(
    ({ settings, stock }) => stock.up || stock.starting || !settings.presumed,
  );
  if (expected.length === 0) return [noneFinding(fleet.backends)];
  return Promise.all(
    expected.map(async (backend) => drainedFinding(backend, running) ?? (await backendFinding(backend, own))),
  );
}

/** Undefined for one that gets requests, or would, were it up. */
function drainedFinding(backend: Backend, running: Running | undefined): Finding | undefined {
  const { name, settings, stock } = backend;
  const told = running?.backends?.find((one) => one.name === name && one.url === settings.origin);
  if (!stock.up || told === undefined || told.drained === null) return undefined;
  const text = `${upText(backend)}: ${conditionOf(told)}`;
  const remedy = `mellamo backend resume ${shellWord(name)}`;
  return { what: `backend ${name}`, state: "warn", text, remedy };
}

/** A router imitates the engines that it stands before. */
function upText(backend: Backend): string {
  const { router, settings, stock } = backend;
  if (router === undefined) return seenText(backend);
  return `another mellamo at ${settings.origin} (models: ${stock.models.length})`;
}

async function backendFinding(backend: Backend, own: string): Promise<Finding> {
  const { name, settings, stock, engine } = backend;
  const what = `backend ${name}`;
  if (settings.origin === own) {
    const remedy = "take it out: a router cannot be its own backend";
    return { what, state: "fault", text: `${own} is where mellamo listens itself`, remedy };
  }
  if (stock.starting) return { what, state: "warn", text: `${settings.origin} is still loading its model` };
  if (!stock.up)
    return {
      what,
      state: "fault",
      text: `${settings.origin}: ${stock.trouble}`,
      remedy: await remedyFor(backend),
    };
  const text = upText(backend);
  if (stock.models.length > 0) return { what, state: "ok", text };
  const isNarrow = settings.exclude.length > 0 || settings.include.join() !== "*";
  const pull = engine?.manages === true ? `mellamo pull NAME --backend ${name}` : "load a model in it";
  return {
    what,
    state: "warn",
    text,
    remedy: isNarrow ? `${pull}, or look at its include and exclude` : pull,
  };
}

/** Nothing is configured, and nothing was found. */
function noneFinding(looked: readonly Backend[]): Finding {
  return {
    what: "backends",
    state: "fault",
    text: noneFoundText(looked),
    remedy: "start an engine, or say where one is: mellamo init --backend URL",
  };
}
