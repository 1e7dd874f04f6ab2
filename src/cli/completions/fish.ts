/** Completions for fish, from 3.0 on. */

import type { Option } from "../command.ts";
import type { Offer } from "../offer.ts";
import { optionOffer, type Place } from "./places.ts";

export function fishScript(places: readonly Place[]): string {
  const words = places.map(({ name }) => name).filter((name) => name.includes(" "));
  const alone = places.filter(({ name, nexts }) => name !== "" && nexts.length > 0);
  return `# Completions of mellamo for fish, made by: mellamo completions fish

# Whether the words before the cursor are those of this command.
function __mellamo_at
    set -l words (commandline -opc)[2..3]
    set -l command "$words[1]"
    if string match -q -- '-*' "$command"
        set command ''
    else if contains -- "$words" ${words.map(quoted).join(" ")}
        set command "$words"
    else if set -q words[2]; and contains -- "$command" ${alone.map(({ name }) => quoted(name)).join(" ")}
        string match -q -- '-*' $words[2]; or return 1
    end
    test "$command" = "$argv"
end

# Whether there are no other words before the cursor.
function __mellamo_before
    set -l words (commandline -opc)[2..]
    test "$words" = "$argv"
end

# What the running router knows.
function __mellamo_known
    set -l program (commandline -opc)[1]
    string match -q -- '~/*' $program; and set program $HOME(string sub -s 2 -- $program)
    command -q $program; and command $program completions $argv 2>/dev/null
end

complete -c mellamo -f
${places.flatMap(placeLines).join("\n")}`;
}

function placeLines({ name, nexts, options, offer }: Place): string[] {
  const begin = `complete -c mellamo -n ${quoted(`__mellamo_at ${quoted(name)}`)}`;
  const before = `complete -c mellamo -n ${quoted(`__mellamo_before ${quoted(name)}`)}`;
  return [
    ...nexts.map(({ word, help }) => `${before} -a ${word} -d ${quoted(help)}`),
    ...(offer === undefined ? [] : [`${begin} ${offered(offer)}`]),
    ...options.map((option) => `${begin} -l ${option.name}${valueOf(option)} -d ${quoted(option.help)}`),
  ];
}

function valueOf(option: Option): string {
  if (option.value === undefined) return "";
  const offer = optionOffer(option);
  return ` -r ${offer === undefined ? "-f" : offered(offer)}`;
}

function offered(offer: Offer): string {
  if (offer === "files") return "-F";
  return `-f -a ${quoted(typeof offer === "string" ? `(__mellamo_known ${offer})` : offer.join(" "))}`;
}

/** Within single quotes only these two mean anything to fish. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
