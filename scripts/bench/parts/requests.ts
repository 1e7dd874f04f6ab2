/** Small questions, small answers: how many in a second, how long one takes, and what it costs. */

import { COST, type Load, load, RATE } from "../load.ts";
import type { Part, Unit } from "../part.ts";
import { asked, validate } from "../question.ts";

const ALONE = "1 connection";
const TOGETHER = [32, 256];

const DELAY: Unit = { unit: "µs", better: "less" };

export const requests: Part = {
  name: "requests",
  about: "small JSON both ways",
  figures: {
    [`rate, ${ALONE}`]: RATE,
    [`cost, ${ALONE}`]: COST,
    [`p50, ${ALONE}`]: DELAY,
    [`p99, ${ALONE}`]: DELAY,
    ...Object.fromEntries(
      TOGETHER.flatMap((connections) => [
        [`rate, ${connections} connections`, RATE],
        [`cost, ${connections} connections`, COST],
      ]),
    ),
  },
  validate: (subject) => validate(asked(subject), [{}]),
  async measure(subject, tools) {
    const alone = await load(1, subject, tools);
    const figures: Record<string, number> = {
      ...named(ALONE, alone),
      [`p50, ${ALONE}`]: alone.p50Us,
      [`p99, ${ALONE}`]: alone.p99Us,
    };
    for (const connections of TOGETHER)
      Object.assign(figures, named(`${connections} connections`, await load(connections, subject, tools)));
    return figures;
  },
};

function named(name: string, { rate, cost }: Load): Record<string, number> {
  return { [`rate, ${name}`]: rate, ...(cost === undefined ? {} : { [`cost, ${name}`]: cost }) };
}
