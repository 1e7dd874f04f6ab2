/** Completions for bash, from 3.2 on. */

import type { Offer } from "../offer.ts";
import { optionOffer, type Place } from "./places.ts";

/** What stands in the script for as many operands as one likes. */
const MANY = 999;

/**
 * Bash breaks words at ":" and "=", which names and options have in them: they are put together again, and of what is
 * found only the rest is handed over. Names are compared here, as `compgen -W` would run what they say.
 */
export function bashScript(places: readonly Place[]): string {
  return `# Completions of mellamo for bash, made by: mellamo completions bash

# What may follow the words of $command: words, options ("=" behind those with a value), and what up to $limit operands
# may be ("@" before what has to be looked for).
_mellamo_place() {
  case "$command" in
${places.map(placeLine).join("\n")}
  esac
}

# What the value of an option may be.
_mellamo_value() {
  case "$command $option" in
${valueLines(places).join("\n")}
  esac
}

# Takes a word that begins with what is written.
_mellamo_take() {
  local taken="$1"
  [[ "$taken" == "$value"* ]] || return 0
  [[ "$offer" == @files ]] || printf -v taken %q "$taken"
  taken="$lead$taken"
  COMPREPLY[\${#COMPREPLY[@]}]="\${taken#"$kept"}"
}

_mellamo() {
  local IFS=$' \\t\\n' command="" nexts="" options="" offer="" option="" limit=0 count=0
  local i word value lead="" kept glue="" breaks='^[:=]+$' line
  line=()
  COMPREPLY=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]-}"
    if [[ \${#line[@]} -gt 0 && (-n "$glue" || "$word" =~ $breaks) ]]; then
      line[\${#line[@]} - 1]="\${line[\${#line[@]} - 1]}$word"
    else
      line[\${#line[@]}]="$word"
    fi
    glue=""
    [[ ! "$word" =~ $breaks ]] || glue=1
  done
  value="\${line[\${#line[@]} - 1]}"
  kept="$value"
  [[ -n "$glue" ]] || kept="\${value%"$word"}"

  _mellamo_place
  for ((i = 0; i < \${#line[@]} - 1; i++)); do
    word="\${line[i]}"
    if [[ -n "$option" ]]; then
      option=""
    elif [[ "$word" == -* ]]; then
      [[ " $options " != *" $word= "* ]] || option="$word"
      nexts=""
    elif [[ $count -eq 0 && " $nexts " == *" $word "* ]]; then
      command="\${command:+$command }$word"
      _mellamo_place
    else
      count=$((count + 1))
    fi
  done

  if [[ -z "$option" && "$value" == --*=* ]]; then
    option="\${value%%=*}"
    lead="$option="
    value="\${value#*=}"
  fi
  if [[ -n "$option" ]]; then
    offer=""
    _mellamo_value
  elif [[ "$value" == -* ]]; then
    offer="\${options//=/}"
  else
    [[ $count -lt $limit ]] || offer=""
    [[ $count -gt 0 ]] || offer="$nexts $offer"
  fi
  for word in $offer; do
    case "$word" in
      @files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r word; do _mellamo_take "$word"; done < <(compgen -f -- "$value")
        ;;
      @*)
        while IFS= read -r word; do _mellamo_take "$word"; done < <(
          "\${COMP_WORDS[0]/#\\~\\//$HOME/}" completions "\${word#@}" 2>/dev/null
        )
        ;;
      *) _mellamo_take "$word" ;;
    esac
  done
}

complete -F _mellamo mellamo`;
}

function placeLine({ name, nexts, options, offer, limit }: Place): string {
  const words = nexts.map(({ word }) => word).join(" ");
  const written = options.map((option) => `--${option.name}${option.value === undefined ? "" : "="}`);
  return `    ${quoted(name)}) nexts=${quoted(words)} options=${quoted(written.join(" "))} offer=${quoted(offered(offer))} limit=${Math.min(limit, MANY)} ;;`;
}

function valueLines(places: readonly Place[]): string[] {
  const values = places.flatMap(({ name, options }) =>
    options.map((option) => ({
      at: quoted(`${name} --${option.name}`),
      offer: offered(optionOffer(option)),
    })),
  );
  const byOffer = Map.groupBy(
    values.filter(({ offer }) => offer !== ""),
    ({ offer }) => offer,
  );
  return [...byOffer].map(
    ([offer, those]) => `    ${those.map(({ at }) => at).join("|")}) offer=${quoted(offer)} ;;`,
  );
}

function offered(offer: Offer | undefined): string {
  if (offer === undefined) return "";
  return typeof offer === "string" ? `@${offer}` : offer.join(" ");
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["$`\\]/g, "\\$&")}"`;
}
