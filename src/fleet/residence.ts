/** Has a backend bring a model into its memory, or let go of it: each engine by calls of its own. */

import type { Values } from "../domain/parameters.ts";
import type { Deed } from "../engines/engine.ts";
import { readText } from "../engines/read.ts";
import { ownHeaders, parseJson, readReply } from "./ask.ts";
import type { Backend, StockedModel } from "./backend.ts";
import { causeText } from "./cause.ts";
import type { Looks } from "./looks.ts";

/** What a backend is to have in memory, and how. */
export interface Wish {
  readonly model: StockedModel;
  readonly values: Values;
}

/** Between two looks at a model that is on its way. */
const LOOK_AGAIN_MS = 250;

/** How long a model may take to leave. */
const LEAVE_MS = 30_000;

/** Loads a model; one that leaves by itself stays longer. Resolves to why it is not in memory; undefined: it is. */
export async function load(
  backend: Backend,
  { model, values }: Wish,
  looks: Looks,
  signal: AbortSignal,
): Promise<string | undefined> {
  const residency = backend.engine?.residency;
  if (residency === undefined || model.fixed) return undefined;
  if (model.loaded && !residency.expires) return undefined;
  const failure = await firstThatFits(backend, residency.load(model, values), signal);
  await looks.refresh(backend);
  const now = backend.stock.models.find(({ id }) => id === model.id);
  if (failure !== undefined && (residency.expires || !(now?.loaded || now?.loading))) return failure;
  return whileOnItsWay(backend, model.id, looks, signal);
}

/** Lets go of a model. Resolves to why it is still in memory; undefined: it is not. */
export async function unload(
  backend: Backend,
  model: StockedModel,
  looks: Looks,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { engine } = backend;
  if (engine?.residency === undefined || model.fixed)
    return `${engine?.title ?? "an unknown engine"} keeps it in memory as long as it runs`;
  const deeds = engine.residency.unload(model);
  if (deeds.length === 0 && model.loaded) return `this version of ${engine.title} has no call for it`;
  let failure: string | undefined;
  for (const deed of deeds) failure ??= (await post(backend, deed, signal)).failure;
  await looks.refresh(backend);
  return engine.residency.expires ? failure : whileItLeaves(backend, model.id, failure, looks, signal);
}

/** An engine may say yes before it has let go of it, or no because there was nothing to do. */
async function whileItLeaves(
  backend: Backend,
  id: string,
  failure: string | undefined,
  looks: Looks,
  signal: AbortSignal,
): Promise<string | undefined> {
  const untilMs = performance.now() + LEAVE_MS;
  for (;;) {
    const { up, models } = backend.stock;
    const isThere = models.some((model) => model.id === id && (model.loaded || model.loading));
    if (up && !isThere) return undefined;
    if (!up || failure !== undefined) return failure;
    if (signal.aborted) return "given up";
    if (performance.now() > untilMs) return "still in memory after all this time";
    await Bun.sleep(LOOK_AGAIN_MS);
    await looks.refresh(backend);
  }
}

/** An engine may say yes at once, and be busy with it for a while. */
async function whileOnItsWay(
  backend: Backend,
  id: string,
  looks: Looks,
  signal: AbortSignal,
): Promise<string | undefined> {
  const untilMs = performance.now() + backend.settings.timeouts.firstByteMs;
  for (;;) {
    const now = backend.stock.models.find((model) => model.id === id);
    if (now?.loaded) return undefined;
    if (!now?.loading)
      return "the engine has taken the call, and the model is not in memory: its own log may tell why";
    if (signal.aborted) return "given up";
    if (performance.now() > untilMs) return "still loading after all this time";
    await Bun.sleep(LOOK_AGAIN_MS);
    await looks.refresh(backend);
  }
}

async function firstThatFits(
  backend: Backend,
  deeds: readonly Deed[],
  signal: AbortSignal,
): Promise<string | undefined> {
  let failure: string | undefined;
  for (const deed of deeds) {
    const done = await post(backend, deed, signal);
    if (done.failure === undefined) return undefined;
    // what the first has to say is about the model, what the others say may be about their kind
    failure ??= done.failure;
    if (done.status !== 400) return failure;
  }
  return failure;
}

interface Done {
  readonly status: number;
  readonly failure: string | undefined;
}

/** Never rejects. Status 0: there was no answer. */
async function post(backend: Backend, { path, body }: Deed, signal: AbortSignal): Promise<Done> {
  const { origin, timeouts } = backend.settings;
  const patience = AbortSignal.timeout(timeouts.firstByteMs);
  try {
    const response = await backend.session.fetch(origin + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...ownHeaders(backend) },
      body: JSON.stringify(body),
      signal: AbortSignal.any([patience, signal, backend.dismissed.signal]),
      redirect: "manual",
      timeout: false,
    });
    const text = await readReply(response);
    const isDone = response.ok && backend.engine?.lacks(response.status, text) !== true;
    return { status: response.status, failure: isDone ? undefined : failureText(response.status, text) };
  } catch (failure) {
    return { status: 0, failure: signal.aborted ? "given up" : causeText(failure) };
  }
}

/** What an engine says against it, in its own words: a text, or an object with a message. */
function failureText(status: number, text: string): string {
  const json = parseJson(text);
  const error: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "error") : undefined;
  const told = typeof error === "string" ? error : readText(error, "message");
  return told ?? `status ${status}`;
}
