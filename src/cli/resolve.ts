/** `mellamo resolve NAME`: where a name leads now, and why. */

import type * as v from "valibot";

import { pathsText } from "../dialects/unmet.ts";
import { askServer } from "./ask-server.ts";
import {
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  OK,
  type Option,
  say,
  SERVER_OPTION,
  textOption,
} from "./command.ts";
import { parametersText } from "./parameter-text.ts";
import { Resolved, targetText } from "./status-schema.ts";
import { table } from "./table.ts";

const PATH_OPTION: Option = {
  name: "path",
  value: "PATH",
  help: "where clients ask for it, such as /api/chat: not every engine serves every path",
};

export const resolve: Command = {
  name: "resolve",
  operands: ["NAME"],
  offer: "names",
  help: "show where a name leads, and which backend would get it now",
  options: [PATH_OPTION, CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    const [name = ""] = args.positionals;
    const path = textOption(args, PATH_OPTION);
    const query = new URLSearchParams({ model: name, ...(path === undefined ? {} : { path }) });
    const resolved = await askServer(args, `/mellamo/resolve?${query}`, Resolved);
    if (resolved === undefined) return FAILED;
    if (args.values["json"] === true) say(JSON.stringify(resolved));
    else if (resolved.candidates.length > 0) say(text(resolved));
    if (resolved.problem !== null) complain(resolved.problem.message);
    return resolved.problem === null ? OK : FAILED;
  },
};

function text({ model, alias, via, targets, candidates, waiting }: v.InferOutput<typeof Resolved>): string {
  const chain =
    via.length > 0
      ? via
          .slice(1)
          .map((name) => ` -> ${name}`)
          .join("")
      : "";
  const stands =
    alias === null
      ? `${model} is a model`
      : `${model} is the alias ${alias}${chain} for ${targets.map(targetText).join(", ")}`;
  const rows = candidates.map((one) => [
    one.chosen ? "->" : "",
    one.backend,
    one.engine ?? "?",
    one.model,
    one.state === "ready" ? "ready" : "skipped",
    one.reason,
    one.loaded ? "loaded" : "",
    `${one.inflight} in flight`,
    `priority ${one.priority}`,
  ]);
  const queue = waiting === 0 ? "" : `\nWaiting for one of them: ${waiting}`;
  return `${stands}\n${table(rows)}${candidates.flatMap(parameterLines).join("")}${queue}`;
}

/** What is asked of the model of a candidate, and who does not get it. */
function parameterLines({
  backend,
  parameters,
  unmet,
}: v.InferOutput<typeof Resolved>["candidates"][number]) {
  if (parameters === null) return [];
  const lost = Map.groupBy(Object.entries(unmet), ([, paths]) => pathsText(paths));
  const notes = [...lost].map(
    ([paths, names]) => `\n  not on ${paths}: ${names.map(([name]) => name).join(", ")}`,
  );
  return [`\n${backend}: ${parametersText(parameters)}`, ...notes];
}
