/** `mellamo serve`: runs the router until it is told to end. */

import type { Config } from "../config/config.ts";
import { listenText } from "../config/listen.ts";
import { type Loaded, readConfiguration } from "../config/load.ts";
import { readText } from "../files/read-file.ts";
import { tellFirstLooks } from "../live/first-news.ts";
import { type Running, startRouter } from "../live/start.ts";
import { tellerOf } from "../systemd/notify.ts";
import { isJournal } from "../telemetry/journal.ts";
import { gatherLines } from "../telemetry/lines.ts";
import { logTo } from "../telemetry/log.ts";
import { VERSION } from "../version.ts";
import { type Arguments, type Command, complain, CONFIG_OPTION, FAILED, OK, textOption } from "./command.ts";
import { GIVEN_OPTIONS } from "./given-options.ts";
import { listenTrouble } from "./listen-trouble.ts";
import { loadWith } from "./load.ts";
import { outgoingRoom } from "./outgoing.ts";
import { endOnSignals } from "./signals.ts";

export const serve: Command = {
  name: "serve",
  operands: [],
  help: "run the router (what mellamo does without a command)",
  options: [CONFIG_OPTION, ...GIVEN_OPTIONS],
  async run(args) {
    const loaded = await loadWith(args);
    return typeof loaded === "number" ? loaded : run(loaded, args);
  },
};

async function run(loaded: Loaded, args: Arguments): Promise<number> {
  const asked = textOption(args, CONFIG_OPTION);
  // one that comes before there is anything to reload would end the process
  process.on("SIGHUP", () => {});
  const { config, file } = loaded;
  const write = gatherLines((text) => process.stderr.write(text));
  const clock = isJournal(process.env["JOURNAL_STREAM"], process.stderr.fd) ? "journal" : () => new Date();
  const logOf = ({ log: { level, format } }: Config) => logTo(write, level, format, clock);
  const log = logOf(config);
  log.info("start", {
    version: VERSION,
    config: file ?? "none",
    hint: config.backends.some(({ presumed }) => presumed) && file === undefined ? INIT_HINT : undefined,
  });
  for (const why of loaded.written.warnings) log.warn("configuration", { why });
  let running: Running;
  try {
    running = await startRouter(loaded, {
      logOf,
      maxInflight: outgoingRoom(),
      read: (current) => readConfiguration(asked ?? current, args.values, readText),
    });
  } catch (failure) {
    const { why, remedy } = listenTrouble(failure);
    // behind the lines of the log that are on their way: it is the one that matters
    await Bun.sleep(0);
    complain(`Cannot listen on ${listenText(config.server.listen)}: ${why}: ${remedy}`);
    return FAILED;
  }
  const { url } = running;
  const tell = await tellerOf(process.env, process.pid, (why) => log.warn("systemd not told", { why }));
  log.info("listening", { url });
  void running.live.looked.then(() => tellFirstLooks(running.live.snapshot));
  tell({ READY: 1, STATUS: `listens on ${url}` });
  await endOnSignals(running, tell);
  return OK;
}

const INIT_HINT = "mellamo init writes one from what it finds running";
