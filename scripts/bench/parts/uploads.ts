/** How much memory ten large bodies at once take, and whether it is given back. */

import type { Part } from "../part.ts";
import { forgetPeak, memoryMib } from "../proc.ts";
import { asked, bodyOf, PATH, validate } from "../question.ts";

const BODIES = 10;
const BODY_MIB = 50;

/** A router has so long to give back what it took. */
const REST_MS = 30_000;
const LOOK_MS = 500;

/** What it may keep of it, for the next time. */
const KEPT_MIB = 50;

export const uploads: Part = {
  name: "uploads",
  about: `${BODIES} bodies of ${BODY_MIB} MiB at once`,
  figures: {
    peak: { unit: "MiB", better: "less" },
    "left behind": { unit: "MiB", better: "less" },
    "given back after": { unit: "s", better: "less" },
  },
  isFresh: true,
  validate: (subject) => validate(asked(subject), [{ bytes: 1024 * 1024 }]),
  async measure({ running: { url, pids }, model, answered }) {
    const body = Buffer.from(bodyOf(model, { bytes: BODY_MIB * 1024 * 1024 }));
    const before = await memoryMib(pids, "now");
    await forgetPeak(pids);
    const texts = await Promise.all(Array.from({ length: BODIES }, () => upload(url, body)));
    if (!texts.every((text) => text.includes(`"model":"${answered}"`))) throw new Error(texts[0]);
    const peak = await memoryMib(pids, "peak");
    const restedAtMs = performance.now();
    let left = Infinity;
    let restedMs = 0;
    while (left > KEPT_MIB && restedMs < REST_MS) {
      await Bun.sleep(LOOK_MS);
      left = Math.min(left, (await memoryMib(pids, "now")) - before);
      restedMs = performance.now() - restedAtMs;
    }
    return pids.length === 0 ? {} : { peak, "left behind": left, "given back after": restedMs / 1000 };
  },
};

async function upload(url: string, body: Uint8Array): Promise<string> {
  const response = await fetch(url + PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    keepalive: false,
  });
  return response.text();
}
