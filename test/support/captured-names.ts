/** Reads and changes the names of models in captures. */

import type { Capture } from "./captures.ts";

/** A JSON body, byte for byte but for the strings of the fields that may name a model. */
export function withoutNames(body: Buffer): string {
  return body.toString("latin1").replace(/("(?:model|name|source|from)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, '$1""');
}

/** The model that a JSON body names, as Ollama reads it. */
export function nameIn(body: Buffer): string | undefined {
  const fields = [...body.toString().matchAll(/"(model|name)"\s*:\s*("(?:[^"\\]|\\.)+")/gi)];
  const last = (key: string): string | undefined =>
    fields.findLast((match) => match[1]?.toLowerCase() === key)?.[2];
  const quoted = last("model") ?? last("name");
  return quoted === undefined ? undefined : String(JSON.parse(quoted));
}

/** The capture as if its request had called the model `name`. */
export function renamed(original: Capture, name: string | undefined): Capture {
  const before = original.request?.body && nameIn(original.request.body);
  if (before === undefined || name === undefined || before === name) return original;
  const isError = original.status >= 400;
  // Copilot reads the name that it asked for in a field of its own
  const isCopilots = original.request?.headers.some((line) => line.includes("GitHubCopilotChat/")) ?? false;
  const key = isCopilots ? "general.basename" : "model";
  const rename = (bytes: Buffer): Buffer => {
    const text = bytes.toString().replaceAll(`"${key}":"${before}"`, `"${key}":"${name}"`);
    return Buffer.from(isError ? text.replaceAll(`\\"${before}\\"`, `\\"${name}\\"`) : text);
  };
  return { ...original, body: rename(original.body), chunks: original.chunks?.map(rename) };
}

/** Whether two names are one by what Ollama thinks of case and tags. */
export function sameModel(a = "", b = ""): boolean {
  const [one, other] = [a, b].map((name) => name.toLowerCase().replace(/:latest$/, ""));
  return one === other;
}
