/** How much memory a thousand open streams take. That all of them speak shows that nothing holds some of them up. */

import { listen } from "../listener.ts";
import type { Part } from "../part.ts";
import { memoryMib } from "../proc.ts";
import { asked, validate } from "../question.ts";

const STREAMS = 1000;
const CHUNKS = 1000;
const EVERY_MS = 1000;

/** After the last one has begun. */
const REST_MS = 3000;

export const memory: Part = {
  name: "memory",
  about: `${STREAMS} open streams, an event a second in each`,
  figures: {
    idle: { unit: "MiB", better: "less" },
    [`${STREAMS} streams`]: { unit: "MiB", better: "less" },
  },
  isFresh: true,
  validate: (subject) => validate(asked(subject), [{ chunks: 3, everyMs: 1 }]),
  async measure({ running: { url, pids }, model }) {
    const idle = await memoryMib(pids, "now");
    const wish = { chunks: CHUNKS, everyMs: EVERY_MS };
    const open = await Promise.all(Array.from({ length: STREAMS }, () => listen(url, model, wish)));
    await Promise.all(open.map(({ began }) => began));
    await Bun.sleep(REST_MS);
    const busy = await memoryMib(pids, "now");
    for (const { leave } of open) leave();
    return pids.length === 0 ? {} : { idle, [`${STREAMS} streams`]: busy };
  },
};
