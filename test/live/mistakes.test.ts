/** A file with mistakes changes nothing, and whoever looks for the reason finds every one of them. */

import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/deadline.ts";
import { command, type Mellamo, mellamo } from "../support/mellamo.ts";
import {
  aliasTo,
  change,
  configState,
  reload,
  save,
  table,
  teller,
  whoAnswers,
} from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one");
  two = await teller("two");
  router = await mellamo(leadingTo("one"));
});

beforeEach(() => change(router, leadingTo("one")));

afterAll(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

function leadingTo(name: string): string {
  return `${table("one", one)}${table("two", two)}[aliases]\n${aliasTo(name)}`;
}

/** Two lines of the tests' own stand above it. */
function wrong(): string {
  return `copy = "twice"\ncolour = 1\n${leadingTo("two")}lost = { targets = [{ model = "m", backend = "tow" }] }\n`;
}

const MISTAKES = [
  ["3:1", "server.copy", 'expected "alias", "model", got "twice"'],
  ["4:1", "server.colour", "unknown key"],
  ["17:1", "aliases.lost", 'no backend is called "tow", did you mean "two"?'],
] as const;

function linesOf(mistakes: typeof MISTAKES): string[] {
  return mistakes.map(([place, path, message]) => `${router.file}:${place}: ${path}: ${message}`);
}

async function status(...options: readonly string[]): Promise<string> {
  const { out } = await command(["status", "--server", router.url, ...options]);
  return out;
}

test("POST answers every mistake with its place", async () => {
  await save(router, wrong());
  const { status, body } = await reload(router);
  expect(status).toBe(400);
  expect(body).toEqual({
    error: `The configuration "${router.file}" has 3 mistakes`,
    mistakes: MISTAKES.map(([place, path, message]) => {
      const [line, column] = place.split(":").map(Number);
      return { file: router.file, line, column, path, message };
    }),
  });
  expect(await whoAnswers(router, "a")).toBe("one");
});

test("a file that is no TOML has one mistake", async () => {
  await save(router, `${leadingTo("two")}b = unquoted\n`);
  const { status, body } = await reload(router);
  expect(status).toBe(400);
  expect(body.error).toBe(`The configuration "${router.file}" has a mistake`);
  expect(body.mistakes).toEqual([
    {
      file: router.file,
      line: 15,
      column: expect.any(Number),
      path: "",
      message: "invalid TOML: invalid value (texts need quotes)",
    },
  ]);
  expect(await whoAnswers(router, "a")).toBe("one");
});

test("the log has every mistake, whoever asked", async () => {
  const mine = `shade = 1\ndepth = 2\n${leadingTo("two")}`;
  await save(router, mine);
  process.kill(router.pid, "SIGHUP");
  const lines = ["3:1: server.shade: unknown key", "4:1: server.depth: unknown key"];
  for (const line of lines) {
    const why = RegExp.escape(JSON.stringify(`${router.file}:${line}`));
    await router.log.until(new RegExp(`level=error event="configuration not loaded" why=${why}`));
  }
  const first = router.log.all.findIndex((line) => line.includes("server.shade"));
  const after = router.log.all.slice(first);
  expect(after.filter((line) => line.includes('"configuration loaded"'))).toEqual([]);
});

test("status tells since when what is in force is so, and why the file is not", async () => {
  const { config_loaded_at: loadedAt } = await configState(router);
  await save(router, wrong());
  await eventually(SOON_MS, async () => (await configState(router)).config_troubles.length > 0);
  expect(await configState(router)).toMatchObject({
    config: router.file,
    config_loaded_at: loadedAt,
    config_troubles: linesOf(MISTAKES),
  });
  const shown = await status();
  expect(shown).toMatch(new RegExp(`^configuration +${RegExp.escape(router.file)}$`, "m"));
  expect(shown).toMatch(new RegExp(`^ +loaded +${loadedAt}$`, "m"));
  for (const line of linesOf(MISTAKES)) expect(shown).toContain(line);
  expect(JSON.parse(await status("--json"))).toMatchObject({ config_troubles: linesOf(MISTAKES) });
});

test("other mistakes take the place of those that were there", async () => {
  await save(router, wrong());
  await reload(router);
  await save(router, `colour = 1\n${leadingTo("two")}`);
  await reload(router);
  expect((await configState(router)).config_troubles).toEqual([
    `${router.file}:3:1: server.colour: unknown key`,
  ]);
});

test("once they are mended nothing is left of them", async () => {
  const { config_loaded_at: loadedAt } = await configState(router);
  await save(router, wrong());
  await eventually(SOON_MS, async () => (await configState(router)).config_troubles.length > 0);
  await save(router, leadingTo("two"));
  await eventually(SOON_MS, async () => (await configState(router)).config_troubles.length === 0);
  expect(await whoAnswers(router, "a")).toBe("two");
  const after = await configState(router);
  expect(Date.parse(after.config_loaded_at)).toBeGreaterThan(Date.parse(loadedAt));
  const shown = await status();
  expect(shown).not.toContain("not loaded");
  expect(shown).toContain(after.config_loaded_at);
});

test("a file that is as it was before the mistakes is in force, too", async () => {
  await save(router, wrong());
  await reload(router);
  await save(router, leadingTo("one"));
  await eventually(SOON_MS, async () => (await configState(router)).config_troubles.length === 0);
  expect(await whoAnswers(router, "a")).toBe("one");
});

test("a variable that is not set is a mistake, and the rest of the file is told, too", async () => {
  await save(router, wrong().replace('"twice"', '"${NOT_SET_ANYWHERE}"'));
  const { body } = await reload(router);
  expect(body.mistakes?.map(({ message }) => message)).toEqual([
    "environment variable NOT_SET_ANYWHERE is not set",
    "unknown key",
    MISTAKES[2][2],
  ]);
});
