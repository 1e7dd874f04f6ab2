/** Finds the command that a command line means, reads its arguments, and runs it. */

import { codeOf } from "../domain/failure.ts";
import { hint } from "../domain/nearest.ts";
import { BUILT } from "../version.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, complain, FAILED, MISUSED, OK, say } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { serve } from "./serve.ts";
import { commandUsage, subcommandsOf, usage } from "./usage.ts";

// whoever reads our output may have had enough (`mellamo ls | head -1`); a router serves on without its log
process.stdout.on("error", (failure) => process.exit(codeOf(failure) === "EPIPE" ? OK : FAILED));
process.stderr.on("error", () => {});

/** The exit status. */
export async function dispatch(args: readonly string[]): Promise<number> {
  const [first = ""] = args;
  if (["--version", "-v", "version"].includes(first)) {
    say(`mellamo ${BUILT}`);
    return OK;
  }
  if (["--help", "-h", "help"].includes(first)) {
    say(usage(COMMANDS));
    return OK;
  }
  if (first === "" || first.startsWith("-")) return run(serve, args);
  const [, second = ""] = args;
  const twoWords = COMMANDS.find((one) => one.name === `${first} ${second}`);
  if (twoWords !== undefined) return run(twoWords, args.slice(2));
  const command = COMMANDS.find((one) => one.name === first);
  if (command !== undefined) return runAlone(command, args.slice(1));
  const seconds = subcommandsOf({ name: first }, COMMANDS);
  if (seconds.length > 0 && ["--help", "-h"].includes(second)) {
    say(seconds.map((one) => commandUsage(one, [])).join("\n\n"));
    return OK;
  }
  if (seconds.length > 0)
    return misused(`expected ${seconds.map(({ name }) => `"${name}"`).join(" or ")}`, "");
  const names = COMMANDS.map((one) => one.name);
  return misused(`unknown command "${first}"${hint(first, names)}`, "");
}

/** A command whose second word, where it has one, makes it no other command. */
async function runAlone(command: Command, args: readonly string[]): Promise<number> {
  const [word = "-"] = args;
  const words = subcommandsOf(command, COMMANDS).map(({ name }) => name.slice(command.name.length + 1));
  if (words.length === 0 || word.startsWith("-")) return run(command, args);
  const known = words.map((one) => `"${one}"`).join(", ");
  return misused(`unknown subcommand "${word}", expected ${known} or nothing more`, command.name);
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parseArguments>;
  try {
    parsed = parseArguments(args, command.options);
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure;
    return misused(failure.message.split(/\.\s/)[0] ?? "", command.name);
  }
  const { positionals, values } = parsed;
  if (values["help"] === true) {
    say(commandUsage(command, subcommandsOf(command, COMMANDS)));
    return OK;
  }
  const { operands } = command;
  const isEnough = operands.at(-1)?.endsWith("…")
    ? positionals.length >= operands.length
    : positionals.length === operands.length;
  if (!isEnough) {
    const torn = COMMANDS.find(({ name }) => name === `${command.name} ${positionals[0]}`);
    if (torn !== undefined) return misused(`options go behind "${torn.name}"`, command.name);
    const wanted = operands.length === 0 ? "no arguments" : operands.join(" ");
    return misused(
      `expected ${wanted}, got ${positionals.length === 0 ? "none" : positionals.join(" ")}`,
      command.name,
    );
  }
  return command.run({ positionals, values });
}

function misused(text: string, command: string): number {
  complain(`mellamo${command === "" ? "" : ` ${command}`}: ${text.replaceAll("\n", "\u{fffd}")}`);
  complain(`See: mellamo ${command === "" ? "" : `${command} `}--help`);
  return MISUSED;
}
