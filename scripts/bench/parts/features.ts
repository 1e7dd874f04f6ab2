/** What each thing that mellamo does for a small question costs. */

import { COST, load, RATE } from "../load.ts";
import type { Part, Subject } from "../part.ts";
import { asked, validate } from "../question.ts";

const CONNECTIONS = 32;

export const features: Part = {
  name: "features",
  about: `small JSON both ways, ${CONNECTIONS} connections, in other dresses`,
  figures: { rate: RATE, cost: COST },
  validate: (subject: Subject) => validate(asked(subject), [{}]),
  async measure(subject, tools) {
    const { rate, cost } = await load(CONNECTIONS, subject, tools);
    return { rate, ...(cost === undefined ? {} : { cost }) };
  },
};
