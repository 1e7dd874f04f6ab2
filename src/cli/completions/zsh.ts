/** Completions for zsh. */

import type { Option } from "../command.ts";
import type { Offer } from "../offer.ts";
import { optionOffer, type Place } from "./places.ts";

/** It works as a file `_mellamo` of a folder in `$fpath`, and read by `source`. */
export function zshScript(places: readonly Place[]): string {
  const words = places.map(({ name }) => name).filter((name) => name.includes(" "));
  return `#compdef mellamo
# Completions of mellamo for zsh, made by: mellamo completions zsh

# What the running router knows.
_mellamo_known() {
  local -a found
  found=(\${(f)"$(_call_program names $program completions $argv[-1] 2>/dev/null)"})
  compadd "\${(@)argv[1,-2]}" -a found
}

_mellamo() {
  local program=$words[1] command=$words[2] curcontext=$curcontext
  local -i depth=2
  local -a nexts two
  two=(${words.map(quoted).join(" ")})
  if (( CURRENT > 3 && $two[(Ie)$words[2] $words[3]] )); then
    command="$words[2] $words[3]"
    depth=3
  elif [[ CURRENT -eq 2 || $command == -* ]]; then
    command=''
    depth=1
  fi
  words=("$program" "\${(@)words[depth + 1,-1]}")
  (( CURRENT -= depth - 1 ))
  case $command in
${places.map(placeCase).join("\n")}
  esac
}

if [[ $funcstack[1] == _mellamo ]]; then
  _mellamo "$@"
else
  compdef _mellamo mellamo
fi`;
}

function placeCase({ name, nexts, options, offer, limit }: Place): string {
  const rows = nexts.map(({ word, help }) => `        ${quoted(`${word}:${help}`)}`);
  const specs = [...options.map(optionSpec), ...(offer === undefined ? [] : [operandSpec(offer, limit)])];
  const lines = [
    `    ${quoted(name)})`,
    ...(rows.length === 0 ? [] : ["      nexts=(", ...rows, "      )"]),
    ...(rows.length === 0
      ? []
      : ["      [[ CURRENT -eq 2 && $words[2] != -* ]] && _describe command nexts && return"]),
    ["      _arguments", ...specs.map((spec) => `        ${quoted(spec)}`)].join(" \\\n"),
    "      ;;",
  ];
  return lines.join("\n");
}

/** As `_arguments` has it: `--name=[help]:value:what may stand there`. */
function optionSpec(option: Option): string {
  const { name, value, isMany, help } = option;
  const flag = `${isMany ? "*" : ""}--${name}`;
  const text = help.replaceAll(/[[\]\\]/g, "\\$&");
  if (value === undefined) return `${flag}[${text}]`;
  return `${flag}=[${text}]:${value.replaceAll(":", "\\:")}:${actionOf(optionOffer(option))}`;
}

function operandSpec(offer: Offer, limit: number): string {
  return `${Number.isFinite(limit) ? limit : "*"}:name:${actionOf(offer)}`;
}

function actionOf(offer: Offer | undefined): string {
  if (offer === undefined) return " ";
  if (offer === "files") return "_files";
  return typeof offer === "string" ? `_mellamo_known ${offer}` : `(${offer.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
