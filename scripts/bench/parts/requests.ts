/** Small questions, small answers: how many in a second, how long one takes, and what it costs. */

import type { Measured, Part, Subject, Tools, Unit } from "../part.ts";
import { processorMs } from "../proc.ts";
import { asked, bodyOf, validate } from "../question.ts";

const CONNECTIONS = [1, 32, 256];

const RATE: Unit = { unit: "requests/s", better: "more" };
const COST: Unit = { unit: "µs of processor time a request", better: "less" };
const DELAY: Unit = { unit: "µs", better: "less" };

export const requests: Part = {
  name: "requests",
  about: "small JSON both ways",
  figures: Object.fromEntries(
    CONNECTIONS.flatMap((connections) => [
      [`rate, ${connections} connections`, RATE],
      [`cost, ${connections} connections`, COST],
      ...(connections === 1
        ? [
            ["p50, 1 connection", DELAY],
            ["p99, 1 connection", DELAY],
          ]
        : []),
    ]) as [string, Unit][],
  ),
  validate: (subject) => validate(asked(subject), [{}]),
  async measure(subject, tools) {
    const figures: Record<string, number> = {};
    for (const connections of CONNECTIONS)
      Object.assign(figures, await loadWith(connections, subject, tools));
    return figures;
  },
};

async function loadWith(
  connections: number,
  { running: { url, pids }, model }: Subject,
  { wrk, seconds }: Tools,
): Promise<Measured> {
  const before = await processorMs(pids);
  const told = await wrk.run({ url, connections, seconds, body: bodyOf(model, {}) });
  const spentUs = ((await processorMs(pids)) - before) * 1000;
  return {
    [`rate, ${connections} connections`]: told.requests / told.seconds,
    ...(pids.length === 0 ? {} : { [`cost, ${connections} connections`]: spentUs / told.requests }),
    ...(connections === 1 ? { "p50, 1 connection": told.p50Us, "p99, 1 connection": told.p99Us } : {}),
  };
}
