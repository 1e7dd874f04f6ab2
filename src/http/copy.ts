/** Answers `POST /api/copy`: the backend that has the model copies it. */

import { openJson } from "../bytes/envelope.ts";
import { COPY } from "../dialects/endpoints.ts";
import { isProblem } from "../domain/problem.ts";
import { definedInFile, relayFrom } from "./errand.ts";
import type { Responder } from "./exchange.ts";
import { find } from "./finding.ts";
import { open } from "./opening.ts";

export const copy: Responder = async (exchange) => {
  const opened = await open(exchange, COPY);
  if (isProblem(opened)) return opened;
  const { snapshot } = exchange;
  const destination = openJson(opened.body, ["destination"]);
  const alias = "address" in destination ? snapshot.book.exact(destination.name) : undefined;
  if (alias !== undefined) return definedInFile(alias.name);

  const found = await find(opened.envelope.name, { path: undefined, unknown: COPY.unknown }, snapshot);
  if (isProblem(found)) return found;
  const able = found.candidates.find(({ backend }) => backend.engine?.manages);
  if (able === undefined) {
    return {
      problem: "unserved",
      text: `"${opened.envelope.name}" is on no Ollama, and no other engine copies models`,
    };
  }
  const { backend, model } = able;
  const errand = {
    path: COPY.path,
    body: () => opened.envelope.address(model.id),
    contentType: opened.contentType,
  };
  return relayFrom(backend, errand, exchange, () => snapshot.fleet.refresh(backend));
};
