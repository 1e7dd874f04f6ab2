/** Ctrl-C ends `mellamo pull` with 130: the engine is told at once, and nothing is left behind on the terminal. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { type Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { beginPull, layer, pullOf, tell } from "../support/pulling.ts";
import { nothingInFlight } from "../support/settled.ts";
import { started } from "../support/started.ts";
import { CTRL_C, onTerminal } from "../support/terminal.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** The engine is told within a second; a busy machine may take its time. */
const SOON_MS = 5000;

function pullArgs(router: Mellamo, ...more: string[]): string[] {
  return ["pull", "m", ...more, "--server", `127.0.0.1:${router.port}`];
}

test("on a terminal the rows stay whole, the cursor stands below them, and all modes are as before", async () => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const shown = onTerminal(pullArgs(router), { cols: 120, rows: 30 });
  const talk = await ollama.talk(0);
  await tell(talk, layer("a", 1000, 500));
  await shown.until(/50 %/);
  shown.type(CTRL_C);
  await within(SOON_MS, talk.closed);
  expect(await within(SOON_MS, shown.exited)).toBe(130);
  const row = `gpu: pulling aaaaaaaaaaaa  [${"#".repeat(10)}${" ".repeat(10)}]  50 %  500 B of 1.0 KB`;
  // the terminal itself may show that the keys were pressed
  expect(shown.screen().filter((line) => line !== "^C")).toEqual([row]);
  expect(shown.written().replaceAll(/\u001b\[\d*[AK]/g, "")).not.toContain("\u001b");
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s: every engine is told, and nothing more is said",
  async (signal) => {
    await using first = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
    await using second = await rawBackend([], () => {}, "ollama");
    await using router = await routerOver({
      first: { url: first.url, engine: "ollama" },
      second: { url: second.url, engine: "ollama" },
    });
    const { err, exited, kill } = started(pullArgs(router, "--backend", "first", "--backend", "second"));
    await err.until(/^first: pulling/);
    const talks = [await first.talk(0), await second.talk(0)];
    kill(signal);
    expect(await within(SOON_MS, exited)).toBe(130);
    await within(SOON_MS, Promise.all(talks.map(({ closed }) => closed)));
    expect(err.text.trimEnd()).toBe(`first: pulling aaaaaaaaaaaa  [${" ".repeat(20)}]   0 %  0 B of 1.0 KB`);
    await nothingInFlight(router);
  },
);

test("pressed twice it is no more than that", async () => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const { err, exited, kill, endedBy } = started(pullArgs(router));
  await err.until(/^gpu: pulling/);
  kill("SIGINT");
  kill("SIGINT");
  const status = await within(SOON_MS, exited);
  expect(status === 130 || endedBy() === "SIGINT").toBe(true);
  await within(SOON_MS, (await ollama.talk(0)).closed);
  expect(err.text.trimEnd().split("\n")).toHaveLength(1);
});

test("what was interrupted can be pulled anew at once", async () => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, layer("a", 1000)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama", max_inflight: 1 } });
  const { err, exited, kill } = started(pullArgs(router));
  await err.until(/^gpu: pulling/);
  kill("SIGINT");
  expect(await within(SOON_MS, exited)).toBe(130);
  ollama.behave((talk) => pullOf(talk));
  expect(await within(2 * SOON_MS, started(pullArgs(router)).exited)).toBe(0);
});
