/** A router that is killed 200 times while it changes aliases loses none that it had acknowledged. */

import { test } from "bun:test";

import { killOften } from "./scenarios/crash.ts";

// a failure names the seed of its kill
test("200 kills, seeds 1 to 200", () => killOften(200));
