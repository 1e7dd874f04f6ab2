/** `mellamo serve`: runs the router until it is told to end. */

import { listenText } from "../config/listen.ts";
import { codeOf } from "../fleet/cause.ts";
import { gatherLines } from "../telemetry/lines.ts";
import { type Log, logTo } from "../telemetry/log.ts";
import { VERSION } from "../version.ts";
import { type Command, complain, CONFIG_OPTION, FAILED, OK, textOption } from "./command.ts";
import { loadConfig, type Loaded } from "./load.ts";
import { raiseOutgoingLimit } from "./outgoing.ts";
import { endOnSignals } from "./signals.ts";
import { type Running, startRouter } from "./start.ts";

export const serve: Command = {
  name: "serve",
  operands: [],
  help: "run the router (what mellamo does without a command)",
  options: [CONFIG_OPTION],
  async run(args) {
    raiseOutgoingLimit();
    const loaded = await loadConfig(textOption(args, CONFIG_OPTION));
    return loaded === undefined ? FAILED : run(loaded);
  },
};

async function run({ config, file }: Loaded): Promise<number> {
  const write = gatherLines((text) => process.stderr.write(text));
  const log = logTo(write, config.log.level, config.log.format, () => new Date());
  log.info("start", { version: VERSION, config: file ?? "none", aliases: config.aliases.length });
  let running: Running;
  try {
    running = await startRouter(config, file, log);
  } catch (failure) {
    complain(
      `Cannot listen on ${listenText(config.server.listen)}: ${WORDS[codeOf(failure)] ?? codeOf(failure)}`,
    );
    return FAILED;
  }
  const { server } = running;
  log.info("listening", {
    url: config.server.listen.kind === "unix" ? listenText(config.server.listen) : server.url.origin,
  });
  void running.looked.then(() => warnOfNone(running, log));
  await endOnSignals(running, config.server.drainMs, log);
  return OK;
}

/** After the first looks. */
function warnOfNone({ fleet }: Running, log: Log): void {
  const { backends } = fleet;
  if (backends.some(({ stock }) => stock.up)) return;
  log.warn("no engine answers yet", {
    looked_at: backends.map(({ settings }) => settings.origin).join(" "),
    hint: backends.some(({ settings }) => settings.presumed)
      ? "still looking; to see how it works: mellamo demo"
      : "still looking",
  });
}

const WORDS: Record<string, string> = {
  EADDRINUSE: "the address is in use: is another mellamo running? Else choose another by [server] listen",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "permission denied",
  ENOENT: "no such folder",
};
