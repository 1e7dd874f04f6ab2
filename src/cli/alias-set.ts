/** `mellamo alias set`: makes an alias that outlives the router, or another of one. */

import { aliasDesk } from "./alias-desk.ts";
import { nameText, targetsText, writtenName } from "./alias-text.ts";
import {
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  OK,
  type Option,
  say,
  SERVER_OR_FILE_OPTION,
} from "./command.ts";

const PREFIX: Option = { name: "prefix", help: 'for every name that begins with NAME (the same as "NAME*")' };
const ORDER: Option = {
  name: "order",
  help: "of several targets, the second only when no backend can serve the first",
};

export const aliasSet: Command = {
  name: "alias set",
  operands: ["NAME", "TARGET…"],
  help: "make an alias: a name for a model, or for whichever of several can be had",
  options: [PREFIX, ORDER, CONFIG_OPTION, SERVER_OR_FILE_OPTION, JSON_OPTION],
  async run(args) {
    const [name = "", ...targets] = args.positionals;
    const { alias, isPrefix = args.values["prefix"] === true || undefined } = writtenName(name);
    if (alias.includes("*") || name === "*") {
      complain(`pattern "${name}" can only stand in the configuration file, here a "*" may only end a name`);
      return FAILED;
    }
    const desk = await aliasDesk(args);
    const entry = await desk?.set({
      alias,
      target: targets[0] ?? "",
      prefix_matching: isPrefix,
      targets: targets.length > 1 ? targets : undefined,
      strategy: args.values["order"] === true ? "order" : undefined,
    });
    if (entry === undefined) return FAILED;
    say(args.values["json"] === true ? JSON.stringify(entry) : `${nameText(entry)} -> ${targetsText(entry)}`);
    return OK;
  },
};
