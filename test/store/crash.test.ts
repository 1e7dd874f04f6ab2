/** A router that is killed while it changes aliases leaves a store that holds every one that it had acknowledged. */

import { test } from "bun:test";

import { killOften } from "../long/scenarios/crash.ts";

test("it is killed ten times, and started again on what it left", () => killOften(10), 60_000);
