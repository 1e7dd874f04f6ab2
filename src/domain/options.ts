/** The options of models, as Ollama names them, and what each may be. */

import { hint } from "./nearest.ts";

/** Names of options and their values, as JSON has them. */
export type Options = Readonly<Record<string, unknown>>;

type Kind = "integer" | "count" | "number" | "flag" | "texts";

/** Those of `api.Options` in Ollama's source; the older ones are still taken by older versions. */
const KINDS: Readonly<Record<string, Kind>> = {
  // of how a model is loaded: another value makes an Ollama load it anew
  num_ctx: "count",
  num_batch: "count",
  num_gpu: "integer",
  main_gpu: "integer",
  use_mmap: "flag",
  use_mlock: "flag",
  num_thread: "integer",
  draft_num_predict: "integer",
  numa: "flag",
  low_vram: "flag",
  f16_kv: "flag",
  vocab_only: "flag",
  logits_all: "flag",
  // of an answer
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  top_p: "number",
  min_p: "number",
  typical_p: "number",
  tfs_z: "number",
  repeat_last_n: "integer",
  temperature: "number",
  repeat_penalty: "number",
  presence_penalty: "number",
  frequency_penalty: "number",
  mirostat: "integer",
  mirostat_tau: "number",
  mirostat_eta: "number",
  penalize_newline: "flag",
  stop: "texts",
};

function called(name: string): string {
  return `unknown option, here it is called "${name}"`;
}

/** What options are called elsewhere, and what is none. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  keep_alive: "keep_alive is no option: it stands beside them",
  max_tokens: called("num_predict"),
  max_completion_tokens: called("num_predict"),
  max_output_tokens: called("num_predict"),
  n_predict: called("num_predict"),
  n_ctx: called("num_ctx"),
  ctx_size: called("num_ctx"),
  context_length: called("num_ctx"),
  n_gpu_layers: called("num_gpu"),
  stop_sequences: called("stop"),
  repetition_penalty: called("repeat_penalty"),
  ...Object.fromEntries(
    ["model", "stream", "system", "messages", "prompt", "format", "think", "tools", "template"].map(
      (name) => [name, `${name} is no option of a model`],
    ),
  ),
};

/** Whether it is a known option. */
export function isOption(name: string): boolean {
  return Object.hasOwn(KINDS, name);
}

const WORDS: Readonly<Record<Kind, string>> = {
  integer: "a whole number",
  count: "a whole number from 1 on",
  number: "a number",
  flag: "true or false",
  texts: "a list of strings",
};

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  integer: Number.isSafeInteger,
  count: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  number: Number.isFinite,
  flag: (value) => typeof value === "boolean",
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};

/**
 * What is wrong with an option; undefined: nothing. One that is not known here may be an engine's that is newer, unless
 * it looks like a known one that was mistyped.
 */
export function optionFault(name: string, value: unknown): string | undefined {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind !== undefined) return FITS[kind](value) ? undefined : `expected ${WORDS[kind]}`;
  if (Object.hasOwn(ELSEWHERE, name)) return ELSEWHERE[name];
  const meant = hint(name, Object.keys(KINDS));
  if (meant !== "") return `unknown option${meant}`;
  const isGood = Array.isArray(value) ? value.every(isPlain) : isPlain(value);
  return isGood ? undefined : "expected a number, a string, true or false, or a list of them";
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
