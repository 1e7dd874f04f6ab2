/** Reads the arguments of a command. */

import { parseArgs } from "node:util";

import { nearest } from "../domain/nearest.ts";
import type { Arguments, Option } from "./command.ts";

const HELP: Option = { name: "help", help: "" };

/** Throws a `TypeError` with words for the user. */
export function parseArguments(args: readonly string[], wanted: readonly Option[]): Arguments {
  const options = [...wanted, HELP];
  const { words, denied } = written(args, options);
  refuseUnknown(words, options);
  const parsed = parseArgs({
    args: words,
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
  const denials = [...denied].map((name) => [name, false]);
  return { positionals: parsed.positionals, values: Object.fromEntries([...values, ...denials]) };
}

/** `parseArgs` refuses it, too, and does not know what was meant. */
function refuseUnknown(words: readonly string[], options: readonly Option[]): void {
  const names = options.map(({ name }) => name);
  for (const word of words) {
    if (word === "--") return;
    const [, name = ""] = /^--([^=]+)/.exec(word) ?? [];
    const [near] = name === "" || names.includes(name) ? [] : nearest(name, names, 1);
    if (near !== undefined) throw new TypeError(`Unknown option '--${name}', did you mean "--${near}"?`);
  }
}

interface WrittenArguments {
  readonly words: readonly string[];
  /** Flags that say that they are none. */
  readonly denied: ReadonlySet<string>;
}

/**
 * As `parseArgs` wants them: a value may begin with a dash (`--keep-alive -1`), and a flag may say that it is one
 * (`--flag=true`) or none, as programs written in Go have it; of several the last one holds. One dash is as good as two.
 */
function written(args: readonly string[], options: readonly Option[]): WrittenArguments {
  const end = args.indexOf("--");
  const written: string[] = [];
  const denied = new Set<string>();
  for (const [at, arg] of args.entries()) {
    const isOption = end === -1 || at < end;
    const before = written.at(-1) ?? "";
    const [, called = "", said] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const option = isOption ? options.find((one) => isCalled(one, called)) : undefined;
    const name = option?.name ?? called;
    if (isOption && /^-\d/.test(arg) && takesValue(before, options))
      written[written.length - 1] = `${before}=${arg}`;
    else if (option === undefined) written.push(arg);
    else if (option.value !== undefined) written.push(`--${name}${said === undefined ? "" : `=${said}`}`);
    else if (/^(0|f|false)$/i.test(said ?? "")) denied.add(name);
    else if (said === undefined || /^(1|t|true)$/i.test(said)) {
      denied.delete(name);
      written.push(`--${name}`);
    } else written.push(arg);
  }
  return { words: written, denied };
}

function isCalled({ name, also = [] }: Option, called: string): boolean {
  return name === called || also.includes(called);
}

function takesValue(arg: string, options: readonly Option[]): boolean {
  return options.some(({ name, value }) => value !== undefined && arg === `--${name}`);
}
