/** Passes on what concerns the Ollama account and cloud: to the first Ollama backend, whose account it is. */

import { isProblem } from "../domain/problem.ts";
import { soleCandidate } from "../fleet/survey.ts";
import { readBody } from "./body.ts";
import { runErrand } from "./errand.ts";
import type { Responder } from "./exchange.ts";
import { ollamaJson } from "./json.ts";
import { ollamasOf } from "./ollamas.ts";

export const account: Responder = async (exchange) => {
  const { request, path, snapshot } = exchange;
  const ollamas = await ollamasOf(snapshot);
  if (isProblem(ollamas)) return ollamas;
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? await readBody(request, snapshot.config.server.maxBody) : null;
  if (body !== null && isProblem(body)) return body;
  const first = soleCandidate(ollamas[0], "");
  return runErrand([first], { path, body: () => body, contentType: undefined }, exchange);
};

/** `GET /api/status`: without an Ollama there is no cloud either. */
export const cloudStatus: Responder = async (exchange) =>
  isProblem(await ollamasOf(exchange.snapshot))
    ? ollamaJson({ cloud: { disabled: true, source: "none" } })
    : account(exchange);
