/** `mellamo health`: whether a router runs and answers, for those who watch over it, such as containers. */

import * as v from "valibot";

import { askServer } from "./ask-server.ts";
import { answer, type Command, CONFIG_OPTION, FAILED, JSON_OPTION, OK, SERVER_OPTION } from "./command.ts";

const Health = v.object({ status: v.literal("ok") });

export const health: Command = {
  name: "health",
  operands: [],
  help: "ask the router whether it is well; ends with 0 if so, else with 1",
  options: [CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    // not /readyz: who is told that this one is ill starts it anew, which brings no engine back
    const known = await askServer(args, "/healthz", Health);
    if (known === undefined) return FAILED;
    answer(args, known, () => "ok");
    return OK;
  },
};
