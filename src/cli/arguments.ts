/** Reads the arguments of a command. */

import { parseArgs } from "node:util";

import type { Arguments, Option } from "./command.ts";

const HELP: Option = { name: "help", help: "" };

/** Throws a `TypeError` with words for the user. */
export function parseArguments(args: readonly string[], wanted: readonly Option[]): Arguments {
  const options = [...wanted, HELP];
  const parsed = parseArgs({
    args: written(args, options),
    allowPositionals: true,
    options: Object.fromEntries(
      options.map(({ name, value, isMany = false }) => [
        name,
        { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple: isMany },
      ]),
    ),
  });
  const values = Object.entries(parsed.values).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(String) : value,
  ]);
  return { positionals: parsed.positionals, values: Object.fromEntries(values) };
}

/**
 * As `parseArgs` wants them: a value may begin with a dash (`--keep-alive -1`), and a flag may say that it is one
 * (`--flag=true`) or none, as programs written in Go have it.
 */
function written(args: readonly string[], options: readonly Option[]): string[] {
  const end = args.indexOf("--");
  const written: string[] = [];
  for (const [at, arg] of args.entries()) {
    const isOption = end === -1 || at < end;
    const before = written.at(-1) ?? "";
    const [, name = "", said] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const option = isOption ? options.find((one) => one.name === name) : undefined;
    if (isOption && /^-\d/.test(arg) && takesValue(before, options))
      written[written.length - 1] = `${before}=${arg}`;
    else if (option?.value !== undefined || said === undefined || option === undefined) written.push(arg);
    else if (/^(1|t|true)$/i.test(said)) written.push(`--${name}`);
    else if (!/^(0|f|false)$/i.test(said)) written.push(arg);
  }
  return written;
}

function takesValue(arg: string, options: readonly Option[]): boolean {
  return options.some(({ name, value }) => value !== undefined && arg === `--${name}`);
}
