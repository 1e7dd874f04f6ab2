/** How long it takes from the start of the process to its first right answer. */

import type { Part } from "../part.ts";
import { asked, validate } from "../question.ts";

export const start: Part = {
  name: "start",
  about: "from the start of the process to its first right answer",
  figures: { "first answer": { unit: "ms", better: "less" } },
  isFresh: true,
  times: 5,
  validate: (subject) => validate(asked(subject), [{}]),
  async measure({ running: { startMs } }) {
    return startMs === undefined ? {} : { "first answer": startMs };
  },
};
