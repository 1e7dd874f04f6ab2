/** `mellamo alias rm`: removes an alias that was set. */

import { aliasDesk } from "./alias-desk.ts";
import { writtenName } from "./alias-text.ts";
import {
  answer,
  type Command,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  OK,
  SERVER_OR_FILE_OPTION,
} from "./command.ts";

export const aliasRm: Command = {
  name: "alias rm",
  operands: ["NAME"],
  offer: "stored",
  help: "remove an alias that was set; the models it stands for stay",
  options: [CONFIG_OPTION, SERVER_OR_FILE_OPTION, JSON_OPTION],
  async run(args) {
    const [name = ""] = args.positionals;
    const { alias, isPrefix } = writtenName(name);
    const desk = await aliasDesk(args);
    if ((await desk?.remove(alias, isPrefix)) === undefined) return FAILED;
    answer(args, { deleted: true }, () => `removed ${name}`);
    return OK;
  },
};
