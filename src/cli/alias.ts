/** `mellamo alias`: the aliases of the file and of the store, and what becomes of each. */

import type { AliasRow } from "../http/alias-rows.ts";
import { aliasDesk } from "./alias-desk.ts";
import { nameText, stateText, targetsText } from "./alias-text.ts";
import {
  answer,
  type Command,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  OK,
  SERVER_OR_FILE_OPTION,
} from "./command.ts";
import { table } from "./table.ts";

export const alias: Command = {
  name: "alias",
  operands: [],
  help: "list the aliases: those of the configuration file, and those that were set",
  options: [CONFIG_OPTION, SERVER_OR_FILE_OPTION, JSON_OPTION],
  async run(args) {
    const desk = await aliasDesk(args);
    const rows = await desk?.list();
    if (rows === undefined) return FAILED;
    answer(args, rows, () => tableOf(rows));
    return OK;
  },
};

function tableOf(rows: readonly AliasRow[]): string {
  if (rows.length === 0) return "No aliases yet. Make one with: mellamo alias set NAME TARGET";
  const cells = rows.map((row) => [nameText(row), targetsText(row), row.source, stateText(row)]);
  return table([["NAME", "STANDS FOR", "SOURCE", "STATE"], ...cells]);
}
