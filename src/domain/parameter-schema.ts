/** Reads parameters as they are written in the configuration, in the alias API and in the alias store. */

import * as v from "valibot";

import { KEEP_ALIVES, keepAliveMs } from "./keep-alive.ts";
import { optionFault, type Options } from "./options.ts";

const TABLE = "expected a table of options such as { num_ctx = 8192 }";

function isTable(input: unknown): input is object {
  return typeof input === "object" && input !== null && !Array.isArray(input) && !(input instanceof Date);
}

export const options = v.pipe(
  v.custom<Options>(isTable, TABLE),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = { ...dataset.value };
    for (const [key, value] of Object.entries(input)) {
      const fault = optionFault(key, value);
      const path = [{ type: "object" as const, origin: "value" as const, input, key, value }] as const;
      if (fault !== undefined) addIssue({ message: `${fault}${gotText(fault, value)}`, path: [path[0]] });
    }
  }),
);

function gotText(fault: string, value: unknown): string {
  if (!fault.startsWith("expected") || typeof value === "object") return "";
  // JSON has no word for infinity
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text === undefined || text.length > 60 ? "" : `, got ${text}`;
}

export const keepAlive = v.pipe(
  // JSON, in which aliases are kept, has no infinity
  v.union([v.string(), v.pipe(v.number(), v.finite(`expected ${KEEP_ALIVES}`))], `expected ${KEEP_ALIVES}`),
  v.check((value) => keepAliveMs(value) !== undefined, `expected ${KEEP_ALIVES}`),
);

/** The keys of parameters, alike wherever they are written. */
export const values = { options: v.optional(options), keep_alive: v.optional(keepAlive) };

/** The keys of JSON objects that may carry parameters; other keys in `force` are none of ours. */
export const parameterEntries = {
  ...values,
  // a list is an object, too, and one without any of these keys
  force: v.optional(v.pipe(v.custom<object>(isTable), v.object(values))),
};
