/** Makes a call that is no question to a model, and relays its answer as it is. */

import { includes } from "../bytes/view.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import type { Candidate } from "../fleet/survey.ts";
import { forward } from "../proxy/forward.ts";
import { fixedLine } from "../proxy/line.ts";
import { relay } from "../proxy/relay.ts";
import { type Errand, errandCall } from "./call.ts";
import type { Exchange } from "./exchange.ts";

/** What is done after the answer's end, before the client has its last byte. */
export type Afterwards = (status: number, backend: Backend) => Promise<void> | void;

/** The next candidate is tried only where the one before it cannot have done anything. */
export async function runErrand(
  candidates: readonly Candidate[],
  errand: Errand,
  exchange: Exchange,
  afterwards: Afterwards = () => {},
): Promise<Response | Problem> {
  exchange.keepOpen();
  const { fleet } = exchange.snapshot;
  const line = fixedLine(candidates, fleet.traffic);
  const answer = await forward(errandCall(exchange, errand), line, fleet, exchange.trail);
  if (isProblem(answer)) return answer;
  const { backend } = answer.candidate;
  return relay(answer, {
    echo: undefined,
    signal: exchange.request.signal,
    mark: (headers) => exchange.mark(headers),
    // whoever reads of the success looks at the lists at once
    concludes: (chunk) => includes(chunk, '"success"'),
    async ended(how) {
      exchange.finish(answer.status, { backend: backend.name, end: how });
      await afterwards(answer.status, backend);
    },
  });
}
