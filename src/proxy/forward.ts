/** Tries the candidates of a call in order until one has an answer for the client. */

import type { Problem } from "../domain/problem.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Candidate } from "../fleet/survey.ts";
import { type Answer, drop } from "./answer.ts";
import { attempt, type Call, type Outcome } from "./attempt.ts";

/** Statuses with which a backend says that it cannot just now, or (a router) that it leads back here; another may. */
const NOT_NOW = new Set([429, 502, 503, 504, 508]);

/**
 * The answer of the first candidate that has one. The next is tried only as long as nothing was relayed, and only
 * for calls that may be repeated or were never sent. An engine's own refusal beats a problem of ours.
 */
export async function forward(
  call: Call,
  candidates: readonly Candidate[],
  fleet: Fleet,
): Promise<Answer | Problem> {
  const failures: string[] = [];
  let refusal: Answer | undefined;
  let problem: Problem | undefined;
  for (const candidate of candidates) {
    const outcome = await attemptTwice(call, candidate);
    if (outcome.kind === "answered") {
      const { answer } = outcome;
      if (!call.replayable || !NOT_NOW.has(answer.status)) {
        if (refusal !== undefined) void drop(refusal);
        return answer;
      }
      if (refusal === undefined) refusal = answer;
      else void drop(answer);
      continue;
    }
    if (outcome.kind === "gone") {
      problem = { problem: "client gone" };
      break;
    }
    if (outcome.kind === "lacking") {
      candidate.backend.lacks(call.path);
      continue;
    }
    // the failure may well hold for others too: look now rather than at the next interval
    void fleet.looks.refresh(candidate.backend);
    failures.push(`${candidate.backend.name}: ${outcome.why}`);
    if (outcome.kind === "broken" && !call.replayable) break;
  }
  if (problem === undefined && refusal !== undefined) return refusal;
  if (refusal !== undefined) void drop(refusal);
  if (problem !== undefined) return problem;
  if (failures.length > 0)
    return { problem: "unreachable", text: `no backend could be reached: ${failures.join("; ")}` };
  return { problem: "unserved", text: `${call.path} is not served by ${namesOf(candidates)}` };
}

/**
 * A pooled connection may be closed by the engine in the instant it is used; Bun repeats a GET by itself then, but
 * not a POST. Once more on a new connection tells that case from an engine that is in trouble.
 */
async function attemptTwice(call: Call, candidate: Candidate): Promise<Outcome> {
  const outcome = await attempt(call, candidate, false);
  return outcome.kind === "broken" && call.replayable ? attempt(call, candidate, true) : outcome;
}

function namesOf(candidates: readonly Candidate[]): string {
  return candidates.map(({ backend }) => backend.name).join(", ");
}
