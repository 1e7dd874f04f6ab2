/** What is neither a number of seconds nor a date says nothing, though the runtime's reader of dates makes one of it. */

import { expect, test } from "bun:test";

import { retryAfterMs } from "../../src/domain/retry-after.ts";

test.each(["-1", "-30", "+5", "1,5", "5-", "1.", ".5", "1/2"])("%p", (words) => {
  expect(retryAfterMs(new Headers({ "retry-after": words }), Date.UTC(2026, 0, 31))).toBeUndefined();
});
