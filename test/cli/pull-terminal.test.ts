/** `mellamo pull` on a terminal: a bar for each layer and backend that changes in its place, whatever the terminal's size. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { beginPull, layer, pulledFrom, tell } from "../support/pulling.ts";
import { type OnTerminal, onTerminal, type Size } from "../support/terminal.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const WIDE: Size = { cols: 120, rows: 30 };
const MANIFEST = { status: "pulling manifest" };

function pull(router: Mellamo, size: Size, ...args: string[]): OnTerminal {
  return onTerminal(["pull", ...args, "--server", `127.0.0.1:${router.port}`], size);
}

function bar(part: number): string {
  return `[${"#".repeat(part * 20).padEnd(20)}] ${String(part * 100).padStart(3)} %`;
}

const A = `gpu: pulling ${"a".repeat(12)}  `;
const B = `gpu: pulling ${"b".repeat(12)}  `;

test("a bar fills in its place, a row for each layer, and the last status stays", async () => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, MANIFEST, layer("a", 1000)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const shown = pull(router, WIDE, "m");
  const talk = await ollama.talk(0);
  await shown.until(/0 B of 1\.0 KB/);
  expect(shown.screen()).toEqual(["gpu: pulling manifest", `${A}${bar(0)}  0 B of 1.0 KB`]);
  await tell(talk, layer("a", 1000, 500));
  await shown.until(/50 %/);
  expect(shown.screen()).toEqual(["gpu: pulling manifest", `${A}${bar(0.5)}  500 B of 1.0 KB`]);
  await tell(talk, layer("a", 1000, 1000), layer("b", 20, 5), { status: "success" });
  await talk.chunk("");
  expect(await shown.exited).toBe(0);
  expect(shown.screen()).toEqual([
    "gpu: success",
    `${A}${bar(1)}  1.0 KB of 1.0 KB`,
    `${B}${bar(0.25)}  5 B of 20 B`,
  ]);
  expect(shown.written()).toEndWith("\n");
});

test("several backends have rows of their own", async () => {
  await using first = await pulledFrom();
  await using second = await pulledFrom();
  await using router = await routerOver({
    one: { url: first.url, engine: "ollama" },
    two: { url: second.url, engine: "ollama" },
  });
  const shown = pull(router, WIDE, "m", "--backend", "one", "--backend", "two");
  expect(await shown.exited).toBe(0);
  const rows = ["one", "two"].flatMap((name) => [
    `${name}: success`,
    `${name}: pulling ${"a".repeat(12)}  ${bar(1)}  4.7 GB of 4.7 GB`,
    `${name}: pulling ${"b".repeat(12)}  ${bar(1)}  12.0 KB of 12.0 KB`,
  ]);
  expect(shown.screen().toSorted()).toEqual(rows.toSorted());
});

test.each([10, 20, 40, 60])("on a terminal of %p columns no row goes on in the next line", async (cols) => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const shown = pull(router, { cols, rows: 30 }, "m");
  const talk = await ollama.talk(0);
  await shown.until(/gpu: pu/);
  for (const completed of [250, 500, 1000]) {
    const before = shown.written().length;
    await tell(talk, layer("a", 1000, completed), { status: `at ${"世界".repeat(completed)}` });
    await eventually(
      () => shown.written().length,
      (length) => length > before,
    );
  }
  await tell(talk, { status: "success" });
  await talk.chunk("");
  expect(await shown.exited).toBe(0);
  expect(shown.screen()).toEqual([
    `${A}${bar(1)}  1.0 KB of 1.0 KB`.slice(0, cols - 1).trimEnd(),
    "gpu: success".slice(0, cols - 1),
  ]);
});

test.each([
  [{ cols: 80, rows: 5 }, 4],
  [{ cols: 80, rows: 2 }, 1],
  [{ cols: 80, rows: 1 }, 1],
])("on one of %p only so many rows are painted that all can be painted again: %p", async (size, most) => {
  await using ollama = await pulledFrom([
    ...Array.from({ length: 9 }, (_, digit) => layer(String(digit), 10, 10)),
    { status: "success" },
  ]);
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const shown = pull(router, size, "m");
  expect(await shown.exited).toBe(0);
  expect(shown.screen().length).toBeLessThanOrEqual(most);
  expect(shown.screen().at(-1)).toBe("gpu: success");
});

test("on one that does not tell its size the rows are as on a usual one", async () => {
  await using ollama = await pulledFrom();
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const shown = pull(router, { cols: 0, rows: 0 }, "m");
  expect(await shown.exited).toBe(0);
  expect(shown.screen()).toEqual([
    "gpu: success",
    `${A}${bar(1)}  4.7 GB of 4.7 GB`,
    `${B}${bar(1)}  12.0 KB of 12.0 KB`,
  ]);
});

test("why one came to nothing stands below the rows, which stay whole", async () => {
  await using good = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
  await using bad = await rawBackend([], (talk) => beginPull(talk, layer("b", 1000)), "ollama");
  await using router = await routerOver({
    gpu: { url: good.url, engine: "ollama" },
    bad: { url: bad.url, engine: "ollama" },
  });
  const shown = pull(router, WIDE, "m", "--backend", "gpu", "--backend", "bad");
  await shown.until(/gpu: [^]*bad: |bad: [^]*gpu: /);
  (await bad.talk(0)).reset();
  await router.log.until(/end="engine died"/);
  const talk = await good.talk(0);
  await tell(talk, layer("a", 1000, 1000), { status: "success" });
  await talk.chunk("");
  expect(await shown.exited).toBe(1);
  const [last, ...rows] = shown.screen().toReversed();
  expect(last).toBe("bad: the answer broke off before it was done");
  expect(rows.toSorted()).toEqual([
    `bad: pulling ${"b".repeat(12)}  ${bar(0)}  0 B of 1.0 KB`,
    `${A}${bar(1)}  1.0 KB of 1.0 KB`,
    "gpu: success",
  ]);
});
