/** `mellamo alias set`: makes an alias that outlives the router, or another of one. */

import type { Entry } from "../domain/entry.ts";
import { aliasDesk } from "./alias-desk.ts";
import { nameText, targetsText, writtenName } from "./alias-text.ts";
import {
  answer,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  MISUSED,
  OK,
  type Option,
  SERVER_OR_FILE_OPTION,
  textOption,
} from "./command.ts";
import { PARAMETER_OPTIONS, readParameters } from "./parameter-options.ts";

const PREFIX: Option = { name: "prefix", help: 'for every name that begins with NAME (the same as "NAME*")' };
const ORDER: Option = {
  name: "order",
  help: "of several targets, the second only when no backend can serve the first",
};

const BACKEND: Option = { name: "backend", value: "NAME", offer: "backends", help: "only on this backend" };
const UNLISTED: Option = { name: "unlisted", help: "leave it out of lists of models" };
const NO_ECHO: Option = { name: "no-echo", help: "pass answers on untouched, with the engine's own name" };

export const aliasSet: Command = {
  name: "alias set",
  operands: ["NAME", "TARGET…"],
  offer: "names",
  help: "make an alias: a name for a model, or for whichever of several can be had",
  options: [
    PREFIX,
    ORDER,
    BACKEND,
    UNLISTED,
    NO_ECHO,
    ...PARAMETER_OPTIONS,
    CONFIG_OPTION,
    SERVER_OR_FILE_OPTION,
    JSON_OPTION,
  ],
  async run(args) {
    const [name = "", ...targets] = args.positionals;
    const { alias, isPrefix = args.values["prefix"] === true || undefined } = writtenName(name);
    if (alias.includes("*") || name === "*") {
      complain(`pattern "${name}" can only stand in the configuration file, here a "*" may only end a name`);
      return FAILED;
    }
    const parameters = readParameters(args);
    if ("misused" in parameters) {
      complain(`mellamo alias set: ${parameters.misused}`);
      return MISUSED;
    }
    const desk = await aliasDesk(args);
    const entry = await desk?.set({
      alias,
      target: targets[0] ?? "",
      prefix_matching: isPrefix,
      targets: targetsOn(textOption(args, BACKEND), targets),
      strategy: args.values["order"] === true ? "order" : undefined,
      listed: args.values["unlisted"] === true ? false : undefined,
      echo: args.values["no-echo"] === true ? false : undefined,
      ...parameters,
    });
    if (entry === undefined) return FAILED;
    answer(args, entry, () => `${nameText(entry)} -> ${targetsText(entry)}`);
    return OK;
  },
};

/** Undefined for a single model that may be anywhere: that is what an alias without more says. */
function targetsOn(backend: string | undefined, models: readonly string[]): Entry["targets"] {
  if (backend !== undefined) return models.map((model) => ({ model, backend }));
  return models.length > 1 ? models : undefined;
}
