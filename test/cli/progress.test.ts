/** Bars, sizes, and rows that are painted in their places no more often than a terminal needs. */

import { expect, test } from "bun:test";

import { bar, Progress, sizeText } from "../../src/cli/progress.ts";
import { eventually } from "../support/eventually.ts";
import { screenOf } from "../support/terminal.ts";

test.each([
  [0, "[          ]   0 %"],
  [0.049, "[          ]   4 %"],
  [0.05, "[#         ]   5 %"],
  [0.5, "[#####     ]  50 %"],
  [0.999, "[##########]  99 %"],
  [1, "[##########] 100 %"],
  [7, "[##########] 100 %"],
  [-1, "[          ]   0 %"],
])("the bar of %p: a hundred percent are whole", (part, text) => {
  expect(bar(part, 10)).toBe(text);
  expect(bar(part)).toHaveLength(text.length + 10);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 KB"],
  [12_345, "12.3 KB"],
  [99_949, "99.9 KB"],
  [100_000, "100 KB"],
  [999_999, "999 KB"],
  [1_000_000, "1.0 MB"],
  [4_700_000_000, "4.7 GB"],
  [404_000_000_000, "404 GB"],
  [3e15, "3000 TB"],
])("%p bytes are %p", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

/** A progress on a terminal that is remembered. */
function painted(): { readonly progress: Progress; readonly paints: string[] } {
  const paints: string[] = [];
  return { progress: new Progress(true, (text) => void paints.push(text)), paints };
}

test("many changes are painted at once, and the last of them stays", async () => {
  const { progress, paints } = painted();
  for (let part = 0; part <= 1000; part++) {
    progress.put("a", { text: `a ${part}`, isNews: false });
    progress.put("b", { text: `b ${part}`, isNews: false });
  }
  expect(paints).toEqual([]);
  await eventually(
    () => paints.length,
    (count) => count > 0,
  );
  expect(paints).toHaveLength(1);
  progress.put("a", { text: "short", isNews: true });
  progress.end();
  expect(paints).toHaveLength(2);
  expect(screenOf(paints.join(""), 80)).toEqual(["short", "b 1000"]);
});

test("what has ended paints no more, and what never began nothing", async () => {
  const { progress, paints } = painted();
  progress.end();
  expect(paints).toEqual([]);
  progress.put("a", { text: "x", isNews: true });
  progress.end();
  progress.end();
  await Bun.sleep(150);
  expect(paints).toHaveLength(1);
});

test("what a terminal would obey is not painted", () => {
  const { progress, paints } = painted();
  progress.put("a", { text: "x\u001b[2J\r\n\u0007\u009by", isNews: true });
  progress.end();
  expect(screenOf(paints.join(""), 80)).toEqual(["x\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}y"]);
});
