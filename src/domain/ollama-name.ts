/** Whether a text is a model name by Ollama's rules (its `types/model/name.go`): `host/namespace/model:tag`. */

import { bareName } from "./name.ts";

const HOST = /^\w[\w.:-]{0,349}$/;
const NAMESPACE = /^\w[\w-]{0,79}$/;
const MODEL_OR_TAG = /^\w[\w.-]{0,79}$/;

/** The parts that are left out are the default ones; a separator with nothing beside it makes the name invalid. */
export function isOllamaName(text: string): boolean {
  const colon = text.lastIndexOf(":");
  const hasTag = colon > text.lastIndexOf("/");
  if (hasTag && !MODEL_OR_TAG.test(text.slice(colon + 1))) return false;
  const path = hasTag ? text.slice(0, colon) : text;
  const [, rest, model = path] = /^(.*)\/([^/]*)$/s.exec(path) ?? [];
  if (!MODEL_OR_TAG.test(model)) return false;
  if (rest === undefined) return true;
  const [, host, namespace = rest] = /^(.*)\/([^/]*)$/s.exec(rest) ?? [];
  if (!NAMESPACE.test(namespace)) return false;
  return host === undefined || HOST.test(host.replace(/^.*?:\/\//s, ""));
}

/** The name as Ollama keeps it: in its short form. What is no such name stays as it is, without blanks around it. */
export function shortestName(text: string): string {
  const bare = text.trim();
  return isOllamaName(bare) ? bareName(bare) : bare;
}
