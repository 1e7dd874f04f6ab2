/** Answers `/api/blobs/{digest}`: uploads stream through, of any length, and are found again by the create that uses them. */

import { isProblem } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import { soleCandidate } from "../fleet/survey.ts";
import { drop } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import { fixedLine } from "../proxy/line.ts";
import { newTrail } from "../proxy/trail.ts";
import { errandCall } from "./call.ts";
import { declaredLength } from "./declared-length.ts";
import { runErrand } from "./errand.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { ollamasOf } from "./ollamas.ts";

const DIGEST = /^sha256[:-][0-9a-fA-F]{64}$/;
const INVALID = { problem: "bad request", text: "invalid digest format" } as const;

/** `HEAD`: whether any of the Ollama backends has the blob. */
export const headBlob: Responder = async (exchange) => {
  if (!DIGEST.test(exchange.tail)) return INVALID;
  const ollamas = await ollamasOf(exchange.snapshot);
  if (isProblem(ollamas)) return ollamas;
  // whoever says yes first will do; one that hangs holds up a "no" alone
  const backend = await Promise.any(
    ollamas.map(async (ollama) => {
      if (await hasBlob(ollama, exchange.tail, exchange)) return ollama;
      throw new Error("not here");
    }),
  ).catch(() => undefined);
  if (backend !== undefined) exchange.snapshot.fleet.blobs.remember(exchange.tail, backend);
  return new Response(null, { status: backend === undefined ? 404 : 200 });
};

/** `POST`: to the backend that got it before, else to the first that can be reached. */
export const postBlob: Responder = async (exchange) => {
  const { request, tail, snapshot } = exchange;
  if (!DIGEST.test(tail)) return INVALID;
  const ollamas = await ollamasOf(snapshot);
  if (isProblem(ollamas)) return ollamas;
  const { blobs } = snapshot.fleet;
  const known = blobs.placeOf(tail);
  const places = ollamas.toSorted((a, b) => Number(b === known) - Number(a === known));
  const errand = {
    path: `/api/blobs/${tail}`,
    body: () => request.body,
    contentType: undefined,
    contentLength: declaredLength(request.headers)?.toString(),
  };
  const candidates = places.map((place) => soleCandidate(place, ""));
  return runErrand(candidates, errand, exchange, (status, backend) => {
    if (status < 300) blobs.remember(tail, backend);
  });
};

/** The first backend that has all of the blobs: one that is remembered to have got them, else one that says so. */
export async function backendWithBlobs(
  digests: readonly string[],
  ollamas: readonly Backend[],
  exchange: Exchange,
): Promise<Backend | undefined> {
  const { blobs } = exchange.snapshot.fleet;
  const remembered = ollamas.find((backend) => digests.every((digest) => blobs.placeOf(digest) === backend));
  if (remembered !== undefined) return remembered;
  for (const backend of ollamas) {
    if (!(await hasBlobs(backend, digests, exchange))) continue;
    for (const digest of digests) blobs.remember(digest, backend);
    return backend;
  }
  return undefined;
}

/** One after the other: a body can name thousands, and an engine has better things to do. */
async function hasBlobs(backend: Backend, digests: readonly string[], exchange: Exchange): Promise<boolean> {
  for (const digest of new Set(digests)) if (!(await hasBlob(backend, digest, exchange))) return false;
  return true;
}

async function hasBlob(backend: Backend, digest: string, exchange: Exchange): Promise<boolean> {
  if (!DIGEST.test(digest)) return false;
  const errand = { path: `/api/blobs/${digest}`, body: () => null, contentType: undefined };
  const call = { ...errandCall(exchange, errand), method: "HEAD" };
  const { fleet } = exchange.snapshot;
  const line = fixedLine([soleCandidate(backend, "")], fleet.traffic);
  const answer = await forward(call, line, fleet, newTrail());
  if (isProblem(answer)) return false;
  await drop(answer);
  return answer.status === 200;
}
