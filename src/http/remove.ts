/** Answers `DELETE /api/delete`: a model goes from every backend that has it. */

import { DELETE } from "../dialects/endpoints.ts";
import { isProblem, type Problem, quoted } from "../domain/problem.ts";
import type { Offer } from "../fleet/catalog.ts";
import { soleCandidate } from "../fleet/survey.ts";
import { type Answer, drop } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import { relay } from "../proxy/relay.ts";
import { errandCall } from "./call.ts";
import { definedInFile } from "./errand.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { open, type Opened } from "./opening.ts";
import { whyNone } from "./why-none.ts";

export const remove: Responder = async (exchange) => {
  const opened = await open(exchange, DELETE);
  if (isProblem(opened)) return opened;
  const { name } = opened.envelope;
  const { book, fleet } = exchange.snapshot;
  const alias = book.exact(name);
  if (alias !== undefined) return definedInFile(alias.name);

  if (!fleet.catalog.has(name)) await fleet.rescan(() => fleet.catalog.has(name));
  const offers = fleet.catalog.find(name);
  const able = offers.filter(({ backend }) => backend.engine?.manages);
  if (offers.length === 0) return whyNone(name, DELETE, exchange.snapshot);
  if (able.length === 0) return unmanaged(name, offers);
  exchange.keepOpen();
  const [up, down] = [able.filter(isUp), able.filter((offer) => !isUp(offer))];
  const answers = await Promise.all(up.map((offer) => removeFrom(offer, opened, exchange)));
  await Promise.all(up.map(({ backend }) => fleet.refresh(backend)));
  const failed = answers.find((answer) => isProblem(answer) || answer.status >= 300);
  if (failed === undefined && down.length > 0) {
    for (const answer of answers) if (!isProblem(answer)) void drop(answer);
    return stillThere(name, up, down);
  }
  return passOn(failed ?? answers[0], answers, exchange);
};

function isUp({ backend }: Offer): boolean {
  return backend.stock.up;
}

function stillThere(name: string, up: readonly Offer[], down: readonly Offer[]): Problem {
  const gone =
    up.length === 0 ? "" : `; it is deleted on ${up.map(({ backend }) => backend.name).join(", ")}`;
  const troubles = down.map(({ backend }) => `${backend.name}: ${backend.stock.trouble}`).join("; ");
  return {
    problem: "unreachable",
    text: `"${quoted(name)}" cannot be deleted everywhere (${troubles})${gone}`,
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
  return forward(errandCall(exchange, errand), [soleCandidate(backend, model.id)], exchange.snapshot.fleet);
}

/** One answer speaks for all. */
async function passOn(
  chosen: Answer | Problem | undefined,
  answers: readonly (Answer | Problem)[],
  exchange: Exchange,
): Promise<Response | Problem> {
  for (const answer of answers) if (answer !== chosen && !isProblem(answer)) void drop(answer);
  if (chosen === undefined) return { problem: "bug" };
  if (isProblem(chosen)) return chosen;
  return relay(chosen, {
    echo: undefined,
    signal: exchange.request.signal,
    ended: (how) => exchange.finish(chosen.status, { backends: answers.length, end: how }),
  });
}
