/** The texts of `--help`, made from the table of commands. */

import { VERSION } from "../version.ts";
import type { Command, Option } from "./command.ts";
import { table } from "./table.ts";

export function usage(commands: readonly Command[]): string {
  const rows = commands.map((command) => [`  ${synopsis(command)}`, command.help]);
  return `mellamo ${VERSION}: one name for every model, on every engine of your machines

Usage: mellamo [COMMAND] [OPTIONS]

${table(rows)}

  mellamo COMMAND --help  the options of a command
  mellamo --version       the version

Without a command it serves. The configuration is the file given with --config, else the first there is of
$MELLAMO_CONFIG, ./config.toml, ~/.config/mellamo/config.toml and /etc/mellamo/config.toml; without any,
the usual ports of this machine are looked at, and what answers there is served on 127.0.0.1:11435.
Flags go before variables, and these before the file. As with gollamas, one command line can say it all:

  mellamo --listen 0.0.0.0:11434 --proxy tinyllama=http://server-01:11434 --alias gpt-3.5-turbo=tinyllama

It ends with 0, with 1 where something is refused, unknown or unreachable, and with 2 for a call that it does
not understand.`;
}

/** Those that are called by the command's name and one more word. */
export function subcommandsOf({ name }: Pick<Command, "name">, commands: readonly Command[]): Command[] {
  return commands.filter((one) => one.name.startsWith(`${name} `));
}

export function commandUsage(command: Command, subcommands: readonly Command[]): string {
  const options: readonly Option[] = [...command.options, { name: "help", help: "this text" }];
  const rows = options.map(({ name, value, help }) => [
    `  --${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  ]);
  const more = subcommands.map((one) => [`  mellamo ${synopsis(one)}`, one.help]);
  return [
    `Usage: mellamo ${synopsis(command)} [OPTIONS]`,
    command.help,
    table(rows),
    ...(more.length === 0 ? [] : [`Besides:\n\n${table(more)}`]),
  ].join("\n\n");
}

function synopsis({ name, operands }: Command): string {
  return [name, ...operands].join(" ");
}
