/** What a pull's lines make of what is shown: a row for each layer, one for what goes on beside them, and how it ended. */

import { expect, test } from "bun:test";

import { PullState } from "../../src/cli/pull-state.ts";
import { layer, type PullLine, WHOLE_PULL } from "../support/pulling.ts";

const BROKEN_OFF = "the answer broke off before it was done";

function stateAfter(...lines: readonly unknown[]): PullState {
  const state = new PullState();
  for (const line of lines) state.take(line);
  return state;
}

/** What is worth a line of its own. */
function news(...lines: readonly PullLine[]): string[] {
  const state = new PullState();
  return lines
    .flatMap((line) => state.take(line))
    .filter(({ isNews }) => isNews)
    .map(({ text }) => text.replace(/ *\[.*\]/, "").replace(/(.)\1{11}/, "$1"));
}

test("a layer is news when it begins and when it is complete, a status when it comes", () => {
  expect(news(...WHOLE_PULL)).toEqual([
    "pulling manifest",
    "pulling a   0 %  0 B of 4.7 GB",
    "pulling a 100 %  4.7 GB of 4.7 GB",
    "pulling b   0 %  0 B of 12.0 KB",
    "pulling b 100 %  12.0 KB of 12.0 KB",
    "verifying sha256 digest",
    "writing manifest",
    "success",
  ]);
});

test("what is said again is no news", () => {
  const twice = WHOLE_PULL.flatMap((line) => [line, line]);
  expect(news(...twice)).toEqual(news(...WHOLE_PULL));
});

test("layers that come mixed are news once each", () => {
  const mixed = [layer("a", 10), layer("b", 10), layer("a", 10, 5), layer("b", 10, 10), layer("a", 10, 10)];
  expect(news(...mixed).map((text) => text.slice(0, 15))).toEqual([
    "pulling a   0 %",
    "pulling b   0 %",
    "pulling b 100 %",
    "pulling a 100 %",
  ]);
});

test("a layer that falls back, because a part of it came wrong, is complete once", () => {
  const lines = [layer("a", 10), layer("a", 10, 10), layer("a", 10, 8), layer("a", 10, 10)];
  expect(news(...lines)).toHaveLength(2);
});

test("each layer changes its own row, and all statuses the same", () => {
  const state = new PullState();
  const keys = WHOLE_PULL.flatMap((line) => state.take(line)).map(({ key }) => key.slice(0, 8));
  expect(keys.map((key) => key.replace("sha256:", ""))).toEqual([
    "status",
    ...["a", "a", "a", "b", "b"],
    ...["status", "status", "status"],
  ]);
});

test("a layer of nothing is complete at once", () => {
  expect(news(layer("a", 0))).toEqual(["pulling a 100 %  0 B of 0 B"]);
});

test("one that tells of more than there is, or of less than nothing, fills no more than a bar", () => {
  const [more] = new PullState().take(layer("a", 10, 12));
  expect(more?.text).toContain(`[${"#".repeat(20)}] 100 %`);
  const [less] = new PullState().take(layer("a", 10, -12));
  expect(less?.text).toContain(`[${" ".repeat(20)}]   0 %`);
});

test.each<[string, readonly unknown[], string | undefined]>([
  ["success", WHOLE_PULL, undefined],
  ["no line at all", [], BROKEN_OFF],
  ["no success", WHOLE_PULL.slice(0, -1), BROKEN_OFF],
  ["an error", [{ status: "pulling manifest" }, { error: "no such file" }], "no such file"],
  ["an error behind a success", [{ status: "success" }, { error: "no room" }], "no room"],
  ["two errors: the first", [{ error: "one" }, { error: "two" }], "one"],
  ["lines that are none", [undefined, null, 1, "success", [], [{ status: "success" }]], BROKEN_OFF],
  ["fields of other kinds", [{ status: 1, digest: 2, total: "3", completed: {}, error: false }], BROKEN_OFF],
  ["success beside fields of other kinds", [{ status: "success", total: "3" }], undefined],
])("it ends with %s", (_, lines, failure) => {
  expect(stateAfter(...lines).failure).toBe(failure);
});

test("a line that says nothing shows nothing", () => {
  const state = new PullState();
  expect([{}, { status: "" }, { error: "x", status: "y" }].flatMap((line) => state.take(line))).toEqual([]);
});
