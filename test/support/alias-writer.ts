/**
 * A process of its own that changes a store as fast as it can, through the program's own class: it sets `NAME-0`,
 * `NAME-1` and so on, and takes every third of them out again. `bun alias-writer.ts PATH NAME COUNT`
 */

import type { Change } from "../../src/domain/amendment.ts";
import { isProblem } from "../../src/domain/problem.ts";
import { FileStore } from "../../src/store/file-store.ts";

/** What it leaves behind. */
export function leftBy(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !isTakenOut(index))
    .map((index) => `${name}-${index}`);
}

function isTakenOut(index: number): boolean {
  return index % 3 === 2;
}

if (import.meta.main) {
  const [path = "", name = "", count = ""] = process.argv.slice(2);
  const store = new FileStore(path);
  const make = async (change: Change): Promise<void> => {
    const made = await store.change(() => change);
    if (isProblem(made)) throw new Error(JSON.stringify(made));
  };
  for (let index = 0; index < Number(count); index++) {
    const entry = { alias: `${name}-${index}`, target: name };
    await make({ set: entry });
    if (isTakenOut(index)) await make({ remove: entry });
  }
}
