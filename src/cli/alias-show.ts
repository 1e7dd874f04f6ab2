/** `mellamo alias show`: all there is to know of one alias. */

import { fold, keyOf } from "../domain/name.ts";
import type { AliasRow } from "../http/alias-rows.ts";
import { aliasDesk } from "./alias-desk.ts";
import { nameText, stateText, targetsText } from "./alias-text.ts";
import {
  answer,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  OK,
  SERVER_OR_FILE_OPTION,
} from "./command.ts";
import { parametersText } from "./parameter-text.ts";
import { table } from "./table.ts";

export const aliasShow: Command = {
  name: "alias show",
  operands: ["NAME"],
  offer: "aliases",
  help: "show one alias; a pattern is named with its *",
  options: [CONFIG_OPTION, SERVER_OR_FILE_OPTION, JSON_OPTION],
  async run(args) {
    const [name = ""] = args.positionals;
    const desk = await aliasDesk(args);
    const rows = await desk?.list();
    if (rows === undefined) return FAILED;
    const exact = rows.filter((row) => isCalled(row, name));
    const found = exact.length > 0 ? exact : rows.filter((row) => isPrefixOf(row, name));
    if (found.length === 0) {
      complain(`alias ${JSON.stringify(name)} not found`);
      return FAILED;
    }
    answer(args, found, () => found.map(textOf).join("\n\n"));
    return OK;
  },
};

/** The file and the store may have one each; the file's counts. */
function isCalled(row: AliasRow, name: string): boolean {
  const isPattern = row.prefix_matching === true || row.pattern === true;
  return isPattern ? fold(nameText(row)) === fold(name) : keyOf(row.alias) === keyOf(name);
}

/** As `alias rm` takes it: a prefix without its `*`, where no alias has this very name. */
function isPrefixOf({ alias, prefix_matching: isPrefix }: AliasRow, name: string): boolean {
  return isPrefix === true && fold(alias) === fold(name);
}

function textOf(row: AliasRow): string {
  const state = stateText(row);
  const parameters = parametersText(row);
  return table([
    ["name", nameText(row)],
    ["stands for", targetsText(row)],
    ["strategy", row.strategy ?? "pool"],
    ["listed", row.listed === false ? "no" : "yes"],
    ["echo", row.echo === false ? "no" : "yes"],
    ...(parameters === "" ? [] : [["parameters", parameters]]),
    ["source", row.source],
    ...(state === "" ? [] : [["state", state]]),
  ]);
}
