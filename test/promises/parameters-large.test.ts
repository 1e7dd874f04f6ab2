/** Images and long texts are no hindrance: their bytes pass beside what is put in. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { stageOf } from "../support/parameter-stage.ts";

// a busy machine takes its time
setDefaultTimeout(60_000);

/** An image of 20 MB, as clients send it. */
const IMAGE = Buffer.alloc(15 * 1024 * 1024, "mellamo image ").toString("base64");

test.each<[sentence: string, sent: (image: string) => string, arrives: (image: string) => string]>([
  [
    "options behind it",
    (image) => `{"model":"a","messages":[{"images":["${image}"]}],"options":{"num_ctx":4},"keep_alive":null}`,
    (image) =>
      `{"model":"m","messages":[{"images":["${image}"]}],"options":{"num_ctx":8192},"keep_alive":60}`,
  ],
  [
    "options before it",
    (image) => `{"options":{"num_ctx":4},"model":"a","messages":[{"images":["${image}"]}]}`,
    (image) =>
      `{"keep_alive":60,"options":{"num_ctx":8192},"model":"m","messages":[{"images":["${image}"]}]}`,
  ],
  [
    "no options",
    (image) => `{"messages":[{"images":["${image}"]}],"model":"a"}`,
    (image) =>
      `{"options":{"num_ctx":8192},"keep_alive":60,"messages":[{"images":["${image}"]}],"model":"m"}`,
  ],
])("a request of 20 MB with %s", async (_, sent, arrives) => {
  await using stage = await stageOf(
    ["m"],
    '[defaults]\nkeep_alive = 60\n[aliases]\na = { targets = ["m"], force = { options = { num_ctx = 8192 } } }\n',
  );
  const arrived = await stage.sent(sent(IMAGE));
  // a difference is not printed: it would fill the screen for an hour
  expect(arrived === arrives(IMAGE)).toBe(true);
});
