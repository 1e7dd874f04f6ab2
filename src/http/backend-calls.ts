/** What calls to `/mellamo/backends/NAME/…` have in common: the backend, the body, and how they refuse. */

import * as v from "valibot";

import { hint } from "../domain/nearest.ts";
import { isProblem, type Problem, quoted, statusOf, textOf } from "../domain/problem.ts";
import { parseJson } from "../fleet/ask.ts";
import type { Backend } from "../fleet/backend.ts";
import { readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { plainJson } from "./json.ts";

const MAX_BODY = { bytes: 64 * 1024, text: "64KiB" };

/** The backend that the path names, or the answer that there is none. */
export function backendNamed({ tail, snapshot }: Exchange): Backend | Response {
  const { backends } = snapshot.fleet;
  const found = backends.find(({ name }) => name === tail);
  if (found !== undefined) return found;
  const names = backends.map(({ name }) => name);
  return refused(404, `no backend is called "${quoted(tail)}"${hint(tail, names)}`);
}

/** The body as `schema` has it, or the answer that it is none such. An empty one is an empty object. */
export async function bodyAs<S extends v.GenericSchema>(
  { request }: Exchange,
  schema: S,
): Promise<{ readonly read: v.InferOutput<S> } | Response> {
  const body = await readBody(request, MAX_BODY);
  if (!(body instanceof Uint8Array)) return refusal(body);
  const json = body.length === 0 ? {} : parseJson(new TextDecoder().decode(body));
  const read = v.safeParse(schema, json);
  return read.success ? { read: read.output } : refused(400, read.issues[0].message);
}

/** A JSON object that has no keys but these; `words` say so. */
export function onlyObject<const E extends v.ObjectEntries>(entries: E, words: string) {
  return v.pipe(
    v.custom<object>((body) => typeof body === "object" && body !== null && !Array.isArray(body), words),
    v.strictObject(entries, words),
  );
}

export function refused(status: number, error: string): Response {
  return plainJson({ error }, status);
}

/** A problem as these calls tell it. */
export function refusal(problem: Problem): Response {
  return refused(statusOf(problem), textOf(problem));
}

/** What is answered, a problem in our words. */
export function told(reply: Response | Problem): Response {
  return isProblem(reply) ? refusal(reply) : reply;
}
