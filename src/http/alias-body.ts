/** Reads an alias out of the body of a call of the alias API. What is wrong is told in the words of Go's decoder. */

import * as v from "valibot";

import { type Field, findFields } from "../bytes/fields.ts";
import { badString } from "../bytes/malformed.ts";
import { textAt } from "../bytes/view.ts";
import { isWeight, WEIGHTS } from "../domain/alias.ts";
import { type Entry, entryOf } from "../domain/entry.ts";
import { values } from "../domain/parameter-schema.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import { readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";

/** The keys of an alias, and what Go calls their types. */
const GO_TYPES: Readonly<Record<string, readonly [Field["type"], string]>> = {
  alias: ["string", "string"],
  target: ["string", "string"],
  prefix_matching: ["bool", "bool"],
  targets: ["array", "[]server.aliasTarget"],
  strategy: ["string", "string"],
  listed: ["bool", "bool"],
  echo: ["bool", "bool"],
  options: ["object", "map[string]interface {}"],
  force: ["object", "server.aliasForce"],
};

/** Keys of more than one type. */
const MIXED = ["keep_alive"];

const TARGETS_WORDS = `targets must be names, or objects with "model", "backend" and "weight" (${WEIGHTS})`;

const Extras = v.object({
  strategy: v.optional(v.picklist(["pool", "order"], 'strategy must be "pool" or "order"')),
  ...values,
  force: v.optional(v.strictObject(values, 'force may hold "options" and "keep_alive", and nothing else')),
  targets: v.optional(
    v.pipe(
      v.array(
        v.union(
          [
            v.string(),
            v.strictObject({
              model: v.string(),
              backend: v.optional(v.string()),
              weight: v.optional(v.pipe(v.number(), v.check(isWeight))),
            }),
          ],
          TARGETS_WORDS,
        ),
        TARGETS_WORDS,
      ),
      v.minLength(1, "alias and target are required"),
    ),
  ),
});

/** More than any alias needs. */
const MAX_BODY = { bytes: 2 * 1024 * 1024, text: "2MiB" };

/** What a body says of an alias; names are "" where it says none. */
export async function readAlias({ request, snapshot }: Exchange): Promise<Entry | Problem> {
  const { maxBody } = snapshot.config.server;
  const body = await readBody(request, maxBody.bytes < MAX_BODY.bytes ? maxBody : MAX_BODY);
  if (!(body instanceof Uint8Array)) return body;
  const fields = readFields(body);
  if (isProblem(fields)) return fields;
  const extras = v.safeParse(Extras, fields, { abortEarly: true });
  if (!extras.success) return unreadable(faultText(extras.issues[0]));
  const { target } = fields;
  const entry = entryOf({ ...fields, ...extras.output });
  return target === undefined || target.trim() === entry.target.trim()
    ? entry
    : unreadable("target must be the first of targets");
}

/** What is wrong deeper down is told with where it is: `force.options.num_ctx: expected …`. */
function faultText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  const isParameter = /^(options|keep_alive|force)\b/.test(path) && !issue.message.startsWith("force ");
  return isParameter ? `${path}: ${issue.message}` : issue.message;
}

/** The fields whose types have been checked already. */
type RawEntry = Partial<Pick<Entry, "alias" | "target" | "prefix_matching" | "listed" | "echo">>;

/** The fields that are ours by their keys; of duplicates the last that is not null. */
function readFields(body: Uint8Array): RawEntry | Problem {
  const found = findFields(body, [...Object.keys(GO_TYPES), ...MIXED]);
  if (!Array.isArray(found)) {
    if ("wrongType" in found)
      return unreadable(`json: cannot unmarshal ${found.wrongType} into Go value of type server.aliasEntry`);
    return unreadable(found.malformed === "EOF" ? "missing request body" : found.malformed);
  }
  const read: Record<string, unknown> = {};
  for (const { key, start, end, type } of found) {
    const [expected, goType] = GO_TYPES[key] ?? [];
    if (type === "null") continue;
    if (type !== expected && !MIXED.includes(key))
      return unreadable(
        `json: cannot unmarshal ${type} into Go struct field aliasEntry.${key} of type ${goType}`,
      );
    try {
      read[key] = JSON.parse(textAt(body, start, end));
    } catch {
      return type === "string"
        ? unreadable(badString(body, start, end).malformed)
        : unreadable(`invalid JSON in "${key}"`);
    }
  }
  return read;
}

function unreadable(text: string): Problem {
  return { problem: "unreadable", text };
}
