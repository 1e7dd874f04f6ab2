/** Answers `POST /api/copy`: the backend that has the model copies it. */

import { openJson } from "../bytes/envelope.ts";
import { COPY } from "../dialects/endpoints.ts";
import { isProblem } from "../domain/problem.ts";
import { definedInFile, runErrand } from "./errand.ts";
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

  const found = await find(opened.envelope.name, COPY, snapshot);
  if (isProblem(found)) return found;
  const { envelope, contentType } = opened;
  const errand = { path: COPY.path, body: envelope.address, contentType };
  return runErrand(found.candidates, errand, exchange, (_, backend) => snapshot.fleet.refresh(backend));
};
