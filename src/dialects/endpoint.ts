/** What there is to know of a path that carries a model's name, and the words that several of them share. */

import type { NameField } from "../bytes/key-reader.ts";
import { taggedName } from "../domain/name.ts";
import { type Problem, quoted } from "../domain/problem.ts";
import type { Dialect } from "./dialect.ts";
import type { Carrier } from "./parameters.ts";

export interface Endpoint {
  readonly path: string;
  readonly dialect: Dialect;
  /** The fields of a JSON body that hold the name, the decisive one first. */
  readonly keys: readonly string[];
  /** Where an answer names its model. */
  readonly echo: readonly NameField[];
  /** What Ollama's Go code calls the request: its JSON errors say so. */
  readonly request: string;
  /** The fields in which a conversation begins, the last of them the one it cannot do without; left out: there is none. */
  readonly conversation?: readonly string[];
  /** Whether its requests may be multipart forms. Of any other path engines read JSON, whatever the client calls it. */
  readonly forms?: boolean;
  /** How its requests carry parameters; left out: not at all. */
  readonly parameters?: Carrier;
  readonly missing: Problem;
  /** Ollama's words for a name it does not know. */
  readonly unknown: (name: string) => string;
}

export const required: Problem = { problem: "bad request", text: "model is required" };
export const unread: Problem = { problem: "unreadable", text: "model is required" };
export const invalid: Problem = { problem: "bad request", text: "invalid model name" };
export const empty: Problem = { problem: "not found", text: "model '' not found" };

export const plain = (name: string): string => `model '${quoted(name)}' not found`;
export const tagged = (name: string): string => `model '${quoted(taggedName(name))}' not found`;
export const pullFirst = (name: string): string =>
  `model ${JSON.stringify(quoted(name))} not found, try pulling it first`;

/** On Ollama's own paths the name may also stand in `name`, its older form. */
export const ollama = { dialect: "ollama", keys: ["model", "name"], echo: [{ key: "model" }] } as const;
export const openai = { dialect: "openai", keys: ["model"], echo: [{ key: "model" }] } as const;
export const anthropic = {
  dialect: "anthropic",
  keys: ["model"],
  echo: [{ key: "model" }, { parent: "message", key: "model" }],
} as const;
