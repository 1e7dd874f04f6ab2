/** Makes a request's body say what its owner wants of the model: options, and how long it stays in memory. */

import { findFields } from "../bytes/fields.ts";
import { type Edit, inOrder, Splice, spliced } from "../bytes/splice.ts";
import { textAt } from "../bytes/view.ts";
import type { Endpoint } from "../dialects/endpoint.ts";
import { fillParameters } from "../dialects/parameters.ts";
import type { Alias } from "../domain/alias.ts";
import { isUnload } from "../domain/keep-alive.ts";
import { type Settled, settled } from "../domain/parameters.ts";
import type { Problem } from "../domain/problem.ts";
import type { RankedTarget, Route } from "../domain/resolve.ts";
import { parseJson } from "../fleet/ask.ts";
import type { Candidate } from "../fleet/survey.ts";
import type { Opened } from "./opening.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is asked of a model by all who may ask something of it; undefined where nobody does. */
export function settledFor(
  { backend, model, by }: Pick<Candidate, "backend" | "model" | "by">,
  { config }: Pick<Snapshot, "config">,
): Settled | undefined {
  // most owners ask for nothing, and this is on the way of every request
  const ofModel = config.models.get(model.key);
  const below = config.defaults ?? backend.settings.parameters ?? ofModel;
  if (below === undefined && !by.some(isAsking)) return undefined;
  const aliases = by.map(({ parameters }) => parameters).reverse();
  return settled([config.defaults, backend.settings.parameters, ofModel, ...aliases]);
}

function isAsking({ parameters }: Pick<Alias, "parameters">): boolean {
  return parameters !== undefined;
}

function isLedToByAsking({ by }: RankedTarget): boolean {
  return by.some(isAsking);
}

/** Whether anybody asks anything of the models of a route, by which a body might change. */
export function isAsked({ targets }: Route, { config }: Pick<Snapshot, "config">): boolean {
  return (
    config.defaults !== undefined ||
    config.models.size > 0 ||
    config.backends.some(isAsking) ||
    targets.some(isLedToByAsking)
  );
}

/** What a body becomes for one candidate. */
interface Adapted {
  readonly edits: readonly Edit[];
  /** The client's own context, in tokens, gave way to this one. */
  readonly forcedContext: number | undefined;
}

const UNCHANGED: Adapted = { edits: [], forcedContext: undefined };

/** The bodies of one request, for whichever candidate gets it. */
export class Bodies {
  private readonly opened: Opened;
  private readonly endpoint: Endpoint;
  private readonly snapshotOf: (candidate: Candidate) => Pick<Snapshot, "config">;
  /** By what is asked, and of which engine. */
  private known: Map<string, Adapted> | undefined;

  /** `snapshotOf` tells what is in force for a candidate: one that was waited for may be of a newer configuration. */
  constructor(
    opened: Opened,
    endpoint: Endpoint,
    snapshotOf: (candidate: Candidate) => Pick<Snapshot, "config">,
  ) {
    this.opened = opened;
    this.endpoint = endpoint;
    this.snapshotOf = snapshotOf;
  }

  /** Why the parameters of these candidates cannot be put into the body; what is wrong with it is wrong for all of them. */
  fault(candidates: readonly Candidate[]): Problem | undefined {
    const first = candidates.find((one) => settledFor(one, this.snapshotOf(one)) !== undefined);
    const adapted = first && this.adapt(first);
    return adapted !== undefined && "problem" in adapted ? adapted : undefined;
  }

  readonly of = (candidate: Candidate): Uint8Array | Splice => {
    const { body, envelope } = this.opened;
    const renaming = envelope.edits(candidate.model.id);
    const adapted = this.adapt(candidate);
    const isAsIs = "problem" in adapted || adapted.edits.length === 0;
    return spliced(body, isAsIs ? renaming : inOrder([...renaming, ...adapted.edits]));
  };

  /** Takes note that a candidate was asked: if its model was loaded with the forced context, it need not be loaded anew. */
  asked(candidate: Candidate): void {
    const adapted = this.adapt(candidate);
    if ("problem" in adapted || adapted.forcedContext === undefined) return;
    const { backend, model, loaded } = candidate;
    if (this.isUnload(candidate)) return;
    if (loaded && model.contextLength === adapted.forcedContext) backend.duty.reloadsPrevented++;
  }

  /** Whether a candidate was asked to let go of its model, once it has answered. */
  isUnload(candidate: Candidate): boolean {
    if (this.endpoint.parameters !== "options") return false;
    const sent = this.of(candidate);
    const body = sent instanceof Splice ? sent.whole() : sent;
    const fields = findFields(body, ["keep_alive"]);
    const last = Array.isArray(fields) ? fields.at(-1) : undefined;
    if (last === undefined) return false;
    return isUnload(parseJson(textAt(body, last.start, last.end)));
  }

  private adapt(candidate: Candidate): Adapted | Problem {
    const { parameters } = this.endpoint;
    if (parameters === undefined || this.opened.contentType !== "application/json") return UNCHANGED;
    const wanted = settledFor(candidate, this.snapshotOf(candidate));
    if (wanted === undefined) return UNCHANGED;
    const key = `${candidate.backend.engine?.name}\n${JSON.stringify(wanted)}`;
    const known = this.known?.get(key);
    if (known !== undefined) return known;
    const { body } = this.opened;
    const filling = fillParameters(body, wanted, parameters, candidate.backend.engine);
    if ("malformed" in filling) return { problem: "unreadable", text: filling.malformed };
    if ("wrongType" in filling) return UNCHANGED;
    const context = filling.replaced.find(({ keys: [name] }) => name === "num_ctx");
    const forcedContext = context === undefined ? undefined : Number(context.value);
    const adapted = { edits: filling.edits, forcedContext };
    this.known ??= new Map();
    this.known.set(key, adapted);
    return adapted;
  }
}
