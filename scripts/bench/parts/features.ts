/** What each thing that mellamo does for a small question costs. */

import type { Part, Subject, Unit } from "../part.ts";
import { processorMs } from "../proc.ts";
import { asked, bodyOf, validate } from "../question.ts";

const CONNECTIONS = 32;

const RATE: Unit = { unit: "requests/s", better: "more" };
const COST: Unit = { unit: "µs of processor time a request", better: "less" };

export const features: Part = {
  name: "features",
  about: `small JSON both ways, ${CONNECTIONS} connections, in other dresses`,
  figures: { rate: RATE, cost: COST },
  validate: (subject: Subject) => validate(asked(subject), [{}]),
  async measure({ running: { url, pids }, model }, { wrk, seconds }) {
    const before = await processorMs(pids);
    const told = await wrk.run({ url, connections: CONNECTIONS, seconds, body: bodyOf(model, {}) });
    const spentUs = ((await processorMs(pids)) - before) * 1000;
    return { rate: told.requests / told.seconds, cost: spentUs / told.requests };
  },
};
