/** Answers `POST /api/copy`, by which `ollama cp` makes an alias: at once, on any engine, without room on a disk. */

import { openJson } from "../bytes/envelope.ts";
import { COPY } from "../dialects/model-endpoints.ts";
import { definedInFile } from "../domain/amendment.ts";
import type { Entry } from "../domain/entry.ts";
import { keyOf } from "../domain/name.ts";
import { isOllamaName } from "../domain/ollama-name.ts";
import { isProblem, type Problem, quoted } from "../domain/problem.ts";
import type { Candidate } from "../fleet/survey.ts";
import { keep } from "./aliases.ts";
import { runErrand } from "./errand.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { candidatesOf, find } from "./finding.ts";
import { offerBehind } from "./listing.ts";
import { open, type Opened } from "./opening.ts";
import type { Snapshot } from "./snapshot.ts";
import { storedEntry } from "./stored-entry.ts";

export const copy: Responder = async (exchange) => {
  const opened = await open(exchange, COPY);
  if (isProblem(opened)) return opened;
  const { snapshot } = exchange;
  const destination = destinationOf(opened);
  if (isProblem(destination)) return destination;
  const configured = snapshot.book.configured(destination.name);
  if (configured !== undefined) return definedInFile(configured.name);
  return snapshot.config.server.copy === "alias"
    ? copyAsAlias(opened.envelope.name, destination.name, snapshot)
    : copyAsModel(opened, exchange);
};

/** A copy of a stored alias is what that is, not another name for it: whoever renames one removes it afterwards. */
async function copyAsAlias(
  source: string,
  destination: string,
  snapshot: Snapshot,
): Promise<Response | Problem> {
  const known = await whyUnknown(source, snapshot);
  if (known !== undefined) return known;
  if (!isOllamaName(destination)) return invalid("destination", destination);
  if (keyOf(source) === keyOf(destination)) return done();
  // a model is not overwritten, whatever is copied
  const original = snapshot.fleet.isOpen(destination) ? undefined : storedEntry(source, snapshot);
  const standsForIt = original?.targets === undefined && keyOf(original?.target ?? "") === keyOf(destination);
  if (standsForIt) return done();
  const entry: Entry = { ...(original ?? { target: source }), alias: destination };
  const kept = await keep(entry, snapshot);
  return isProblem(kept) ? kept : done();
}

/** Undefined where the name leads to a model, up or not. */
async function whyUnknown(name: string, snapshot: Snapshot): Promise<Problem | undefined> {
  if (storedEntry(name, snapshot) !== undefined || offerBehind(name, snapshot) !== undefined)
    return undefined;
  const found = await find(
    name,
    { path: undefined, cloudPath: "/api/chat", unknown: COPY.unknown },
    snapshot,
  );
  return isProblem(found) ? found : undefined;
}

async function copyAsModel(
  { envelope, contentType }: Opened,
  exchange: Exchange,
): Promise<Response | Problem> {
  const { snapshot } = exchange;
  const found = await find(envelope.name, COPY, snapshot);
  if (isProblem(found)) return found;
  const errand = { path: COPY.path, body: ({ model }: Candidate) => envelope.address(model.id), contentType };
  return runErrand(candidatesOf(found, snapshot), errand, exchange, (_, backend) =>
    snapshot.fleet.looks.refresh(backend),
  );
}

function destinationOf({ body }: Opened): { readonly name: string } | Problem {
  const opened = openJson(body, ["destination"]);
  return "address" in opened ? opened : invalid("destination", "");
}

function invalid(what: string, name: string): Problem {
  return { problem: "bad request", text: `${what} ${JSON.stringify(quoted(name))} is invalid` };
}

function done(): Response {
  return new Response(null);
}
