/** Several processes change one store for long: none of them loses anything, and none waits for ever. */

import { test } from "bun:test";

import { routersAtOnce, writersAtOnce } from "./scenarios/writers.ts";

test.each([2, 4])("%d processes that make 400 changes each", (writers) => writersAtOnce(writers, 400));

test("two routers that share a store, with 400 changes each, list the same", () => routersAtOnce(400));
