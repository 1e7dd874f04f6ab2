/** Many streams of events at once: what each event costs, and how long it takes. */

import { quantile } from "../figures.ts";
import { listen } from "../listener.ts";
import type { Part } from "../part.ts";
import { processorMs } from "../proc.ts";
import { asked, validate } from "../question.ts";

const STREAMS = 200;
const CHUNKS = 100;
const EVERY_MS = 20;

export const streams: Part = {
  name: "streams",
  about: `${STREAMS} streams at once, ${CHUNKS} events in each, one every ${EVERY_MS} ms`,
  figures: {
    "cost of an event": { unit: "µs of processor time", better: "less" },
    "delay, p50": { unit: "µs", better: "less" },
    "delay, p99": { unit: "µs", better: "less" },
  },
  validate: (subject) => validate(asked(subject), [{ chunks: CHUNKS, everyMs: 1 }]),
  async measure({ running: { url, pids }, model }) {
    const before = await processorMs(pids);
    const wish = { chunks: CHUNKS, everyMs: EVERY_MS };
    const open = await Promise.all(Array.from({ length: STREAMS }, () => listen(url, model, wish)));
    const delays = (await Promise.all(open.map(({ ended }) => ended))).flat().toSorted((a, b) => a - b);
    const spentUs = ((await processorMs(pids)) - before) * 1000;
    for (const { leave } of open) leave();
    if (delays.length !== STREAMS * CHUNKS) throw new Error(`${delays.length} events have come from ${url}`);
    return {
      ...(pids.length === 0 ? {} : { "cost of an event": spentUs / delays.length }),
      "delay, p50": quantile(delays, 0.5) * 1000,
      "delay, p99": quantile(delays, 0.99) * 1000,
    };
  },
};
