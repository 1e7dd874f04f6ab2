/** Writes parameters of models into requests, as far as a path and an engine have a place for them. */

import type { Match, WrongType } from "../bytes/fields.ts";
import { fillNested } from "../bytes/fill-nested.ts";
import { fill, type Filling, type Wish } from "../bytes/fill.ts";
import type { Malformed } from "../bytes/malformed.ts";
import { inOrder } from "../bytes/splice.ts";
import { sentKeepAlive, type Settled, type Values } from "../domain/parameters.ts";
import type { Engine } from "../engines/engine.ts";

/** The field of a request that stands for an option, and then others that clients may use in its stead. */
type Fields = Readonly<Record<string, readonly [string, ...string[]]>>;

/** How the requests of a path carry parameters. */
export type Carrier =
  /** As Ollama has it: all options in one object, and `keep_alive` beside it. */
  | "options"
  /** As fields of their own. `extras`: engines take more of them than OpenAI does. `synonyms`: some by further names. */
  | { readonly fields: Fields; readonly extras: boolean; readonly synonyms: boolean };

const SAMPLING: Fields = { temperature: ["temperature"], top_p: ["top_p"] };
const COMPLETION: Fields = {
  ...SAMPLING,
  seed: ["seed"],
  stop: ["stop"],
  presence_penalty: ["presence_penalty"],
  frequency_penalty: ["frequency_penalty"],
  num_predict: ["max_tokens"],
};

export const COMPLETION_FIELDS: Carrier = { fields: COMPLETION, extras: true, synonyms: true };
export const CHAT_FIELDS: Carrier = {
  fields: { ...COMPLETION, num_predict: ["max_tokens", "max_completion_tokens"] },
  extras: true,
  synonyms: true,
};
export const RESPONSES_FIELDS: Carrier = {
  fields: { ...SAMPLING, num_predict: ["max_output_tokens"] },
  extras: false,
  synonyms: true,
};
export const MESSAGES_FIELDS: Carrier = {
  fields: { ...SAMPLING, top_k: ["top_k"], stop: ["stop_sequences"], num_predict: ["max_tokens"] },
  extras: false,
  synonyms: false,
};

const KEEP_ALIVE = "keep_alive";

/** A parameter that is to be said: an option, or `keep_alive` as it is sent. */
interface Saying {
  readonly name: string;
  readonly value: unknown;
  readonly isForced: boolean;
}

/** What is forced, then the defaults of what is not. */
export function sayingsOf({ defaults, force }: Settled): Saying[] {
  const forced = listed(force).map(([name, value]) => ({ name, value, isForced: true }));
  const names = new Set(forced.map(({ name }) => name));
  const others = listed(defaults).filter(([name]) => !names.has(name));
  return [...forced, ...others.map(([name, value]) => ({ name, value, isForced: false }))];
}

function listed(values: Values): [string, unknown][] {
  const keepAlive = sentKeepAlive(values);
  const options = Object.entries(values.options ?? {});
  return keepAlive === undefined ? options : [...options, [KEEP_ALIVE, keepAlive]];
}

/** The edits that make a body say what is settled. What has no place there is left out: see `placeless`. */
export function fillParameters(
  body: Uint8Array,
  settled: Settled,
  carrier: Carrier,
  engine: Engine | undefined,
): Filling | Malformed | WrongType {
  const sayings = sayingsOf(settled);
  const isNative = carrier === "options";
  const nested = isNative ? sayings.filter(({ name }) => name !== KEEP_ALIVE) : [];
  const beside = sayings.filter((saying) => !nested.includes(saying));
  const inner = fillNested(
    body,
    "options",
    nested.map((saying) => wishOf(saying, [saying.name])),
  );
  if (!("edits" in inner)) return inner;
  const wishes = beside.flatMap((saying) => {
    const keys = keysOf(saying, carrier, engine);
    return keys === undefined ? [] : [wishOf(saying, heededKeys(keys, saying, carrier, engine))];
  });
  const outer = wishes.length === 0 ? undefined : fill(body, [whole(body)], wishes, matchOf(engine));
  if (outer === undefined) return inner;
  if (!("edits" in outer)) return outer;
  return {
    edits: inOrder([...inner.edits, ...outer.edits]),
    replaced: [...inner.replaced, ...outer.replaced],
  };
}

/**
 * With the engine's own names for it. Where a client may say it in a field that the engine reads over, a default gives way
 * to that as to any other, but what is forced has to stand where it is read.
 */
function heededKeys(
  [first, ...others]: readonly [string, ...string[]],
  { name, isForced }: Saying,
  carrier: Carrier,
  engine: Engine | undefined,
): readonly [string, ...string[]] {
  const heeded = others.filter((key) => !isForced || engine?.ignores?.has(key) !== true);
  const { synonyms = {} } = engine ?? {};
  const isRead = carrier !== "options" && carrier.synonyms && Object.hasOwn(synonyms, name);
  const further = isRead ? (synonyms[name] ?? []) : [];
  return [first, ...new Set([...heeded, ...further])];
}

/** A force has to stand where the engine reads it, however a client spells what it says. */
function matchOf(engine: Engine | undefined): Match {
  return engine?.knowsCase === true ? "exactly" : "ignoring case";
}

/** The names of the parameters that such a request cannot carry to such an engine. */
export function placeless(settled: Settled, carrier: Carrier, engine: Engine | undefined): string[] {
  return sayingsOf(settled)
    .filter((saying) => carrier !== "options" && keysOf(saying, carrier, engine) === undefined)
    .filter((saying) => saying.isForced || !isSaidBySilence(saying))
    .map(({ name }) => name);
}

/** Whether a number below zero means "no limit" or "any", which is what a request has that does not say it. */
function isSaidBySilence({ name, value }: Omit<Saying, "isForced">): boolean {
  return ["num_predict", "seed"].includes(name) && typeof value === "number" && value < 0;
}

/** Undefined where a parameter, or this value of it, has no place. */
function keysOf(
  { name, value }: Saying,
  carrier: Carrier,
  engine: Engine | undefined,
): readonly [string, ...string[]] | undefined {
  if (carrier === "options") return [name];
  if (isSaidBySilence({ name, value })) return undefined;
  if (name === KEEP_ALIVE && (typeof value !== "number" || value < 0)) return undefined;
  const extra = carrier.extras && engine !== undefined && Object.hasOwn(engine.extras, name);
  const field = extra ? engine.extras[name] : undefined;
  if (field !== undefined) return [field];
  return Object.hasOwn(carrier.fields, name) ? carrier.fields[name] : undefined;
}

function wishOf({ value, isForced }: Saying, keys: readonly [string, ...string[]]): Wish {
  return { keys, value: JSON.stringify(value), isForced };
}

function whole(body: Uint8Array): { readonly start: number; readonly end: number } {
  return { start: 0, end: body.length };
}
