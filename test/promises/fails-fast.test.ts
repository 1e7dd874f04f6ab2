/** A backend that fails fast does not look least busy: it gets no more than its share of the requests. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { routerOver } from "../support/over.ts";
import { forSeedsInTurn } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(60_000);

const REQUESTS = 120;

/** Of its requests. */
const FAILING = 0.6;

const LIMITS: readonly (readonly [sentence: string, toml: string])[] = [
  ["with the patience that holds without any settings", ""],
  ["with a breaker that never opens", "[health]\nfailures = 1000000\n"],
];

for (const [sentence, toml] of LIMITS) {
  test.each([1, 16])(`${sentence}, %d at a time`, async (width) => {
    await forSeedsInTurn(2, async (random) => {
      await using well = await rawBackend(["m"], async (talk) => {
        await Bun.sleep(1 + random.next() * 5);
        await talk.answer(200, '{"model":"m"}');
      });
      await using ill = await rawBackend(["m"], async (talk) => {
        if (random.chance(FAILING)) return talk.answer(502, "");
        await Bun.sleep(1 + random.next() * 5);
        return talk.answer(200, '{"model":"m"}');
      });
      await using router = await routerOver(
        { ill: { url: ill.url, engine: "openai" }, well: { url: well.url, engine: "openai" } },
        toml,
      );
      let left = REQUESTS;
      const clients = Array.from({ length: width }, async () => {
        while (left-- > 0) expect((await within(SOON_MS, ask(router).answer)).status).toBe(200);
      });
      await Promise.all(clients);
      // none of them comes twice to the same backend: each that it has got was a first try
      expect(ill.talks.length).toBeLessThan(REQUESTS / 2);
    });
  });
}
