/** Answers `POST /api/show`: an Ollama does it itself, for other engines it is made up from what is known. */

import { SHOW } from "../dialects/model-endpoints.ts";
import { showAnswer } from "../dialects/rows.ts";
import { isProblem } from "../domain/problem.ts";
import { fixedLine } from "../proxy/line.ts";
import type { Responder } from "./exchange.ts";
import { candidatesOf, find } from "./finding.ts";
import { forwardCall } from "./inference.ts";
import { ollamaJson } from "./json.ts";
import { open } from "./opening.ts";

/** Copilot shows models by this field of theirs, which Ollama sets to the asked name for its sake. */
const COPILOT = "GitHubCopilotChat/";

export const show: Responder = async (exchange) => {
  const opened = await open(exchange, SHOW);
  if (isProblem(opened)) return opened;
  const { name } = opened.envelope;
  const wanted = { path: undefined, cloudPath: SHOW.path, unknown: SHOW.unknown };
  const found = await find(name, wanted, exchange.snapshot);
  if (isProblem(found)) return found;

  const candidates = candidatesOf(found, exchange.snapshot);
  const able = candidates.filter(({ backend }) => backend.serves(SHOW.path));
  const [best] = candidates;
  if (able.length === 0 && best !== undefined) return ollamaJson(showAnswer({ name, model: best.model }));
  const isCopilot = exchange.request.headers.get("user-agent")?.startsWith(COPILOT) ?? false;
  const echo = isCopilot ? [{ parent: "model_info", key: "general.basename" }] : [];
  const line = fixedLine(able, exchange.snapshot.fleet.traffic);
  return forwardCall(exchange, { ...SHOW, echo }, opened, found, line);
};
