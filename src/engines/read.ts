/** Reads the lists that engines send, row by row: one that makes no sense does not cost the others. */

import * as v from "valibot";

/** The rows in the field `name` of an engine's answer that fit the schema; undefined where there is no such list. */
export function readRows<S extends v.GenericSchema>(
  json: unknown,
  name: string,
  row: S,
): v.InferOutput<S>[] | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  const list: unknown = Reflect.get(json, name);
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((entry: unknown) => {
    const read = v.safeParse(row, entry);
    return read.success ? [read.output] : [];
  });
}

/** A text field that may be missing, or of any other type: "" then. */
export const text = v.fallback(v.optional(v.string(), ""), "");

/** A number field that may be missing, or of any other type, or larger than any number there is. */
export const number = v.fallback(v.optional(v.pipe(v.number(), v.finite())), undefined);

/** The string in the field `name`, if the JSON is an object that has one. */
export function readText(json: unknown, name: string): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const value: unknown = Reflect.get(json, name);
  return typeof value === "string" ? value : undefined;
}

/** A number of parameters as Ollama writes it: 392064 is "392K", 8030261248 is "8.0B". */
export function humanCount(count: number | undefined): string {
  if (count === undefined || count <= 0) return "";
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)}B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)}M`;
  return count >= 1e3 ? `${Math.floor(count / 1e3)}K` : String(count);
}
