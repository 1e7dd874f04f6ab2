/** `mellamo backend drain NAME` and `mellamo backend resume NAME`: keeps new requests from a backend, and lets them in again. */

import * as v from "valibot";

import { DRAIN_WORDS, drainMsOf } from "../http/drain.ts";
import { askServer } from "./ask-server.ts";
import {
  answer,
  type Arguments,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  JSON_OPTION,
  MISUSED,
  OK,
  type Option,
  SERVER_OPTION,
  textOption,
} from "./command.ts";
import { timeText } from "./status-schema.ts";

const FOR_OPTION: Option = {
  name: "for",
  value: "DURATION",
  help: "how long, such as 30m or 2h, at most 24d; left out: until it is resumed, or the router ends",
};

const Told = v.union([
  v.object({
    backend: v.string(),
    drained: v.boolean(),
    until: v.nullable(v.string()),
    inflight: v.number(),
  }),
  v.object({ error: v.string() }),
]);

export const backendDrain: Command = {
  name: "backend drain",
  operands: ["NAME"],
  offer: "backends",
  help: "send nothing new to a backend; what it is doing it finishes",
  options: [FOR_OPTION, CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    const time = textOption(args, FOR_OPTION);
    if (time === undefined || drainMsOf(time) !== undefined) return tell(args, "drain", { for: time });
    complain(`--for: expected ${DRAIN_WORDS}, got ${JSON.stringify(time)}`);
    return MISUSED;
  },
};

export const backendResume: Command = {
  name: "backend resume",
  operands: ["NAME"],
  offer: "backends",
  help: "use a backend again that was drained",
  options: [CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  run: (args) => tell(args, "resume", {}),
};

async function tell(args: Arguments, deed: "drain" | "resume", body: object): Promise<number> {
  const [name = ""] = args.positionals;
  const path = `/mellamo/backends/${encodeURIComponent(name)}/${deed}`;
  const told = await askServer(args, path, Told, body);
  if (told === undefined) return FAILED;
  if ("error" in told) {
    complain(told.error);
    return FAILED;
  }
  const { backend, drained, until, inflight } = told;
  const time = until === null ? "until it is resumed" : `until ${timeText(new Date(until))}`;
  answer(args, told, () =>
    drained
      ? `${backend} is drained ${time}; in flight: ${inflight}`
      : `${backend} takes requests; in flight: ${inflight}`,
  );
  return OK;
}
