/** Answers `POST /api/create`, which has to go where the blobs and the model are that it builds on. */

import { openJson } from "../bytes/envelope.ts";
import { findFields } from "../bytes/fields.ts";
import { textAt } from "../bytes/view.ts";
import { CREATE } from "../dialects/model-endpoints.ts";
import { definedInFile } from "../domain/amendment.ts";
import { isProblem } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import { type Candidate, soleCandidate } from "../fleet/survey.ts";
import { backendWithBlobs } from "./blobs.ts";
import { runErrand } from "./errand.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { isHome, ollamasOf, placesOf, placesOfTarget } from "./ollamas.ts";
import { open } from "./opening.ts";

export const create: Responder = async (exchange) => {
  const opened = await open(exchange, CREATE);
  if (isProblem(opened)) return opened;
  const { snapshot } = exchange;
  const alias = snapshot.book.configured(opened.envelope.name);
  if (alias !== undefined) return definedInFile(alias.name);

  const source = await sourceOf(opened.body, exchange);
  const home = (await backendOfBlobs(opened.body, exchange)) ?? source?.backend;
  const places =
    home === undefined
      ? await placesOfTarget({ model: opened.envelope.name }, snapshot)
      : [soleCandidate(home, "")];
  if (isProblem(places)) return places;
  const spelled = source?.backend === home ? source?.model.id : undefined;
  const errand = {
    path: CREATE.path,
    body: () => respelled(opened.body, spelled),
    contentType: opened.contentType,
  };
  return runErrand(places, errand, exchange, (_, backend) => snapshot.fleet.looks.refresh(backend));
};

/** Where the model is that the new one derives from; undefined if it derives from none, or from one that is nowhere. */
async function sourceOf(body: Uint8Array, { snapshot }: Exchange): Promise<Candidate | undefined> {
  const envelope = openJson(body, ["from"]);
  if (!("address" in envelope) || envelope.name === "") return undefined;
  const places = await placesOf(envelope.name, snapshot);
  if (isProblem(places)) return undefined;
  return isHome(places[0]) ? places[0] : undefined;
}

async function backendOfBlobs(body: Uint8Array, exchange: Exchange): Promise<Backend | undefined> {
  const ollamas = await ollamasOf(exchange.snapshot);
  const digests = digestsOf(body);
  return isProblem(ollamas) || digests.length === 0
    ? undefined
    : backendWithBlobs(digests, ollamas, exchange);
}

/** The blobs that a body names: `files` and `adapters` map file names to digests. */
function digestsOf(body: Uint8Array): string[] {
  const fields = findFields(body, ["files", "adapters"]);
  if (!Array.isArray(fields)) return [];
  return fields.flatMap(({ start, end, type }) => {
    if (type !== "object") return [];
    try {
      const files: unknown = JSON.parse(textAt(body, start, end));
      const digests: unknown[] = typeof files === "object" && files !== null ? Object.values(files) : [];
      return digests.filter((digest) => typeof digest === "string");
    } catch {
      return [];
    }
  });
}

function respelled(body: Uint8Array, from: string | undefined): Uint8Array {
  const envelope = openJson(body, ["from"]);
  return from === undefined || !("address" in envelope) ? body : envelope.address(from);
}
