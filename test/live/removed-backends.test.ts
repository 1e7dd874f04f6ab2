/** A backend that the configuration has no more is left in peace. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";
import { change, table, teller } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;
const OFTEN = 'probe_interval = "20ms"';

test.each([
  ["is removed", ""],
  ["is at another address", "http://127.0.0.1:9"],
])("one that %s is not looked at again, while others are", async (_, elsewhere) => {
  await using gone = await teller("gone");
  await using stays = await teller("stays");
  await using router = await mellamo(table("gone", gone, OFTEN) + table("stays", stays, OFTEN));
  await eventually(SOON_MS, () => gone.looks() > 3);
  const instead = elsewhere === "" ? "" : table("gone", { url: elsewhere });
  await change(router, instead + table("stays", stays, OFTEN));
  const [mine, others] = [gone.looks(), stays.looks()];
  await eventually(SOON_MS, () => stays.looks() > others + 10);
  // one may have been under way
  expect(gone.looks()).toBeLessThanOrEqual(mine + 1);
});

test("one that changes is not looked at twice as often from then on", async () => {
  await using changes = await teller("changes");
  await using clock = await teller("clock");
  const config = (priority: number): string =>
    table("changes", changes, `${OFTEN}\npriority = ${priority}`) + table("clock", clock, OFTEN);
  await using router = await mellamo(config(0));
  for (let priority = 1; priority <= 10; priority++) await change(router, config(priority));
  const [mine, others] = [changes.looks(), clock.looks()];
  await eventually(SOON_MS, () => clock.looks() > others + 20);
  expect(changes.looks() - mine).toBeLessThan(40);
});
