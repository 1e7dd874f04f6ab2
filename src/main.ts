/** The program's entry: finds the command, reads its arguments, runs it. */

import { parseArgs } from "node:util";

import { type Command, complain, FAILED, MISUSED, OK, say } from "./cli/command.ts";
import { COMMANDS } from "./cli/commands.ts";
import { commandUsage, usage } from "./cli/usage.ts";
import { nearest } from "./domain/nearest.ts";
import { codeOf } from "./fleet/cause.ts";
import { VERSION } from "./version.ts";

// whoever reads our output may have had enough (`mellamo ls | head -1`); a router serves on without its log
process.stdout.on("error", (failure) => process.exit(codeOf(failure) === "EPIPE" ? OK : FAILED));
process.stderr.on("error", () => {});

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [first = ""] = args;
  if (["--version", "-v", "version"].includes(first)) {
    say(`mellamo ${VERSION}`);
    return OK;
  }
  if (["--help", "-h", "help"].includes(first)) {
    say(usage(COMMANDS));
    return OK;
  }
  const named = first !== "" && !first.startsWith("-");
  const name = named ? first : "serve";
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    const [near] = nearest(
      name,
      COMMANDS.map((one) => one.name),
      1,
    );
    return misused(`unknown command "${name}"${near === undefined ? "" : `, did you mean "${near}"?`}`, "");
  }
  return run(command, named ? args.slice(1) : args);
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  const options = Object.fromEntries(
    [...command.options, { name: "help", help: "", value: undefined }].map(({ name, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure;
    return misused(failure.message.split(". ")[0] ?? "", command.name);
  }
  const positionals = parsed.positionals;
  const values = Object.fromEntries(
    Object.entries(parsed.values).filter(
      (entry): entry is [string, string | boolean] => !Array.isArray(entry[1]),
    ),
  );
  if (values["help"] === true) {
    say(commandUsage(command));
    return OK;
  }
  if (positionals.length !== command.operands.length) {
    const wanted = command.operands.length === 0 ? "no arguments" : command.operands.join(" ");
    return misused(
      `expected ${wanted}, got ${positionals.length === 0 ? "none" : positionals.join(" ")}`,
      command.name,
    );
  }
  return command.run({ positionals, values });
}

function misused(text: string, command: string): number {
  complain(`mellamo${command === "" ? "" : ` ${command}`}: ${text}`);
  complain(`See: mellamo ${command === "" ? "" : `${command} `}--help`);
  return MISUSED;
}
