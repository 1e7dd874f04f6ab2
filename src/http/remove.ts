/** Answers `DELETE /api/delete`: a model goes from every backend that has it. */

import { DELETE } from "../dialects/model-endpoints.ts";
import { definedInFile } from "../domain/amendment.ts";
import { isProblem, type Problem, quoted, textOf } from "../domain/problem.ts";
import { type Backend, troublesOf } from "../fleet/backend.ts";
import type { Offer } from "../fleet/catalog.ts";
import { soleCandidate } from "../fleet/survey.ts";
import { type Answer, drop } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import { fixedLine } from "../proxy/line.ts";
import { relay } from "../proxy/relay.ts";
import { drop as dropAlias } from "./aliases.ts";
import { errandCall } from "./call.ts";
import { aliasesOnlyOf } from "./dependents.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { routeOf } from "./lookup.ts";
import { open, type Opened } from "./opening.ts";
import type { Snapshot } from "./snapshot.ts";
import { storedEntry } from "./stored-entry.ts";
import { noneUp, whyNone } from "./why-none.ts";

export const remove: Responder = async (exchange) => {
  const opened = await open(exchange, DELETE);
  if (isProblem(opened)) return opened;
  const { name } = opened.envelope;
  const { book, fleet } = exchange.snapshot;
  const configured = book.configured(name);
  if (configured !== undefined) return definedInFile(configured.name);
  if (storedEntry(name, exchange.snapshot) !== undefined) return removeStored(name, exchange.snapshot);

  if (!fleet.catalog.hasOpen(name)) await fleet.rescan(() => fleet.catalog.hasOpen(name));
  const known = fleet.catalog.find(name).filter(({ open }) => open);
  if (known.length === 0) return notThere(name, exchange.snapshot);
  const [dependent] = aliasesOnlyOf(name, exchange.snapshot);
  if (dependent !== undefined) return stillNeeded(name, dependent.name);
  const able = known.filter(({ backend }) => backend.serves(DELETE.path));
  if (able.length === 0) return unmanaged(name, known);
  exchange.keepOpen();
  // whoever was down may be up again
  const lost = able.filter((offer) => !isUp(offer));
  await Promise.all(lost.map(({ backend }) => fleet.looks.refresh(backend)));
  const up = able.filter(isUp);
  const down = able.filter((offer) => !isUp(offer)).map(({ backend }) => backend);
  if (up.length === 0) return noneUp(name, down);
  const tries = await Promise.all(up.map((offer) => removeFrom(offer, opened, exchange)));
  await Promise.all(up.map(({ backend }) => fleet.looks.refresh(backend)));

  const answers = tries.filter((one): one is Answer => !isProblem(one));
  const refused = answers.find(isRefusal);
  const done = answers.map(({ candidate }) => candidate.backend);
  const left = [troublesOf(down), ...tries.filter(isProblem).map(textOf)].filter(Boolean);
  if (refused === undefined && done.length > 0 && left.length > 0) {
    for (const answer of answers) void drop(answer);
    return stillThere(name, done, left);
  }
  return passOn(refused ?? answers.find(({ status }) => status < 300) ?? tries[0], answers, exchange);
};

async function removeStored(name: string, snapshot: Snapshot): Promise<Response | Problem> {
  const removed = await dropAlias(name, snapshot);
  return isProblem(removed) ? removed : new Response(null);
}

/** Whoever made the alias by `ollama cp` believes to own a copy. */
function stillNeeded(name: string, alias: string): Problem {
  const text = `"${quoted(name)}" is all that the alias "${quoted(alias)}" stands for: delete the alias first`;
  return { problem: "conflict", text };
}

/** Where somebody else has deleted it in the meantime, it is gone as it should be. */
function isRefusal({ status }: Answer): boolean {
  return status >= 300 && status !== 404;
}

/** A name that only a pattern gives a meaning to is no model's. */
function notThere(name: string, snapshot: Snapshot): Problem {
  const isEarly = !snapshot.fleet.backends.some(({ reached }) => reached);
  return isEarly || routeOf(name, snapshot).alias === undefined
    ? whyNone(name, DELETE, snapshot)
    : { problem: "not found", text: DELETE.unknown(name) };
}

function isUp({ backend }: Offer): boolean {
  return backend.stock.up;
}

function stillThere(name: string, done: readonly Backend[], troubles: readonly string[]): Problem {
  const gone = done.map((backend) => backend.name).join(", ");
  return {
    problem: "unreachable",
    text: `"${quoted(name)}" is deleted on ${gone}, but not everywhere (${troubles.join("; ")})`,
  };
}

function unmanaged(name: string, offers: readonly Offer[]): Problem {
  const titles = new Set(offers.map(({ backend }) => backend.engine?.title ?? "an unknown engine"));
  const engines = [...titles].join(", ");
  return {
    problem: "unserved",
    text: `"${quoted(name)}" is served by ${engines}, which cannot be managed through the Ollama API`,
  };
}

function removeFrom(
  { backend, model }: Offer,
  opened: Opened,
  exchange: Exchange,
): Promise<Answer | Problem> {
  const { envelope, contentType } = opened;
  const errand = { path: DELETE.path, body: () => envelope.address(model.id), contentType };
  const { fleet } = exchange.snapshot;
  const line = fixedLine([soleCandidate(backend, model.id)], fleet.traffic);
  return forward(errandCall(exchange, errand), line, fleet, exchange.trail);
}

/** One answer speaks for all. */
async function passOn(
  chosen: Answer | Problem | undefined,
  answers: readonly Answer[],
  exchange: Exchange,
): Promise<Response | Problem> {
  for (const answer of answers) if (answer !== chosen) void drop(answer);
  if (chosen === undefined) return { problem: "bug" };
  if (isProblem(chosen)) return chosen;
  return relay(chosen, {
    echo: undefined,
    signal: exchange.request.signal,
    mark: (headers) => exchange.mark(headers),
    ended(how) {
      exchange.finish(chosen.status, { backends: answers.length, end: how });
      return undefined;
    },
  });
}
