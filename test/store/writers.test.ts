/** Several processes may change one store at the same time: none of them loses anything. */

import { setDefaultTimeout, test } from "bun:test";

import { routersAtOnce, writersAtOnce } from "../long/scenarios/writers.ts";

setDefaultTimeout(60_000);

test("three processes that make 60 changes each", () => writersAtOnce(3, 60));

test("two routers that share a store, with 40 changes each, list the same", () => routersAtOnce(40));
