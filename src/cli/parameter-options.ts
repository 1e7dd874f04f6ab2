/** The options of commands that say what is asked of a model. */

import * as v from "valibot";

import { parameterEntries } from "../domain/parameter-schema.ts";
import { type Parameters, parametersOf } from "../domain/parameters.ts";
import { type Arguments, type Option, textOption, textsOption } from "./command.ts";

const OPTION: Option = {
  name: "option",
  value: "NAME=VALUE",
  isMany: true,
  help: "for requests that leave it out, such as num_ctx=8192; may be given several times",
};
const KEEP_ALIVE: Option = {
  name: "keep-alive",
  value: "DURATION",
  help: "how long the model stays in memory, such as 30m, or -1 for ever, unless a request says it",
};
const FORCE: Option = {
  name: "force",
  value: "NAME=VALUE",
  isMany: true,
  help: "whatever a request says, as with --option",
};
const FORCE_KEEP_ALIVE: Option = {
  name: "force-keep-alive",
  value: "DURATION",
  help: "whatever a request says, as with --keep-alive",
};

export const PARAMETER_OPTIONS: readonly Option[] = [OPTION, KEEP_ALIVE, FORCE, FORCE_KEEP_ALIVE];

/** What the user asks for, or what is wrong with it. */
export function readParameters(args: Arguments): Parameters | { readonly misused: string } {
  const options = pairsOf(args, OPTION);
  const forced = pairsOf(args, FORCE);
  if (typeof options === "string") return { misused: options };
  if (typeof forced === "string") return { misused: forced };
  const force = { options: forced, keep_alive: textOption(args, FORCE_KEEP_ALIVE) };
  const read = v.safeParse(v.object(parameterEntries), {
    ...parametersOf({ options, keep_alive: textOption(args, KEEP_ALIVE), force }),
  });
  if (read.success) return read.output;
  const [issue] = read.issues;
  return { misused: `${flagOf(issue)}: ${issue.message}` };
}

/** `NAME=VALUE`, the value as JSON or as the text that it is. Returns what is wrong. */
function pairsOf(args: Arguments, option: Option): Record<string, unknown> | string {
  const pairs: [string, unknown][] = [];
  for (const text of textsOption(args, option)) {
    const [, name, value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) return `--${option.name}: expected ${option.value}, got ${JSON.stringify(text)}`;
    pairs.push([name, jsonOrText(value)]);
  }
  return Object.fromEntries(pairs);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function flagOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const isForced = path[0] === "force";
  const [what, name] = isForced ? path.slice(1) : path;
  const flag = what === "options" ? (isForced ? FORCE : OPTION) : isForced ? FORCE_KEEP_ALIVE : KEEP_ALIVE;
  return name === undefined ? `--${flag.name}` : `--${flag.name} ${name}`;
}
