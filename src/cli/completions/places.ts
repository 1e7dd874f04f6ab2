/** What may stand at each place of a command line, for completions: made from the table of commands. */

import type { Command, Option } from "../command.ts";
import type { Offer } from "../offer.ts";
import { subcommandsOf } from "../usage.ts";

/** Behind the words of a command, or of what only begins one. */
export interface Place {
  /** The words before it, without the program's; "" is its beginning. */
  readonly name: string;
  /** The words that lead on to other places. */
  readonly nexts: readonly Next[];
  readonly options: readonly Option[];
  /** What its operands may be, at most `limit` of them. */
  readonly offer: Offer | undefined;
  readonly limit: number;
}

export interface Next {
  readonly word: string;
  readonly help: string;
}

const HELP: Option = { name: "help", help: "show how it is called" };
const VERSION: Option = { name: "version", help: "show the version" };

/** `bare` is what runs without a word, with options alone. */
export function placesOf(commands: readonly Command[], bare: Command): Place[] {
  const firsts = [...new Set(commands.map(({ name }) => name.split(" ")[0] ?? ""))];
  const beginning: Place = {
    name: "",
    nexts: firsts.map((word) => ({ word, help: helpOf(word, commands) })),
    options: [...bare.options, HELP, VERSION],
    offer: undefined,
    limit: 0,
  };
  const names = [...new Set([...firsts, ...commands.map(({ name }) => name)])];
  return [beginning, ...names.map((name) => placeOf(name, commands))];
}

function placeOf(name: string, commands: readonly Command[]): Place {
  const command = commands.find((one) => one.name === name);
  const nexts = subcommandsOf({ name }, commands).map((one) => ({
    word: one.name.slice(name.length + 1),
    help: one.help,
  }));
  return {
    name,
    nexts,
    options: [...(command?.options ?? []), HELP],
    offer: command?.offer,
    limit: limitOf(command?.operands ?? []),
  };
}

/** A word that is no command by itself is explained by those that it begins. */
function helpOf(word: string, commands: readonly Command[]): string {
  const command = commands.find(({ name }) => name === word);
  return (
    command?.help ??
    subcommandsOf({ name: word }, commands)
      .map(({ name }) => name)
      .join(", ")
  );
}

/** How many there may be. */
function limitOf(operands: readonly string[]): number {
  return operands.at(-1)?.endsWith("…") ? Number.POSITIVE_INFINITY : operands.length;
}

export function optionOffer({ value, offer }: Option): Offer | undefined {
  return offer ?? (value === "FILE" ? "files" : undefined);
}
