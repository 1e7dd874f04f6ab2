/** Whether backends can be reached, which engines they are, and how many models they have. */

import type { Backend } from "../../fleet/backend.ts";
import { seenText } from "../live-notes.ts";
import type { Around } from "../look-around.ts";
import { addressOf } from "../server-address.ts";
import { remedyFor } from "./backend-remedy.ts";
import type { Finding } from "./finding.ts";

export async function backendFindings({ config, fleet }: Around): Promise<readonly Finding[]> {
  const own = addressOf(config.server.listen).url;
  const expected = fleet.backends.filter(
    ({ settings, stock }) => stock.up || stock.starting || !settings.presumed,
  );
  if (expected.length === 0) return [noneFinding(fleet.backends)];
  return Promise.all(expected.map((backend) => backendFinding(backend, own)));
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
  const text = seenText(backend);
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
  const places = looked.map(({ settings }) => settings.origin).join(", ");
  return {
    what: "backends",
    state: "fault",
    text: `no engine answers (looked at ${places})`,
    remedy: "start an engine, or say where one is: mellamo init --backend URL",
  };
}
