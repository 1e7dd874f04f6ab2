/** Opens the body of a call that carries a model's name, and says in Ollama's words what is wrong with it. */

import { type Envelope, openForm, openJson } from "../bytes/envelope.ts";
import { formBoundary } from "../bytes/form.ts";
import type { Endpoint } from "../dialects/endpoint.ts";
import { isName } from "../domain/name.ts";
import type { Problem } from "../domain/problem.ts";
import { readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";

export interface Opened {
  readonly envelope: Envelope;
  readonly body: Uint8Array;
  /** What the body is, whatever the client called it: curl calls JSON a form unless told otherwise. */
  readonly contentType: string;
}

/** Reads and opens the body. The envelope's name is one that can be looked up. */
export async function open(exchange: Exchange, endpoint: Endpoint): Promise<Opened | Problem> {
  return openBody(await bodyOf(exchange), exchange, endpoint);
}

/** The body, read whole. */
export function bodyOf({ request, snapshot }: Exchange): Promise<Uint8Array | Problem> {
  return readBody(request, snapshot.config.server.maxBody);
}

/** Opens what `bodyOf` has read. */
export function openBody(
  body: Uint8Array | Problem,
  { request }: Exchange,
  endpoint: Endpoint,
): Opened | Problem {
  if (!(body instanceof Uint8Array)) return body;

  const sentType = request.headers.get("content-type");
  const boundary = endpoint.forms === true ? formBoundary(sentType) : undefined;
  const envelope = boundary === undefined ? openJson(body, endpoint.keys) : openForm(body, boundary);
  if (!("address" in envelope)) return { problem: "unreadable", text: faultText(envelope, endpoint) };
  if (envelope.name === "") return endpoint.missing;
  if (!isName(envelope.name)) return { problem: "bad request", text: "invalid model name" };
  return { envelope, body, contentType: boundary === undefined ? "application/json" : (sentType ?? "") };
}

function faultText(
  fault: Exclude<ReturnType<typeof openJson>, Envelope>,
  { dialect, request }: Endpoint,
): string {
  const prefix = dialect === "ollama" ? "api" : dialect;
  if ("wrongType" in fault)
    return `json: cannot unmarshal ${fault.wrongType} into Go value of type ${prefix}.${request}`;
  if ("notAString" in fault) {
    return `json: cannot unmarshal ${fault.notAString} into Go struct field ${request}.${fault.key} of type string`;
  }
  // Ollama's own paths put the end of an empty body into words, its OpenAI and Anthropic ones do not
  return fault.malformed === "EOF" && dialect === "ollama" ? "missing request body" : fault.malformed;
}
