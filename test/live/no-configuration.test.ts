/** Whatever takes the place of the file and is no configuration changes nothing, is told, and holds nobody up. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";

import type { RawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, configState, reload, save, table, teller, whoAnswers } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one");
  two = await teller("two");
  router = await mellamo(text("one"));
});

afterAll(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

function text(name: string): string {
  return `${table("one", one)}${table("two", two)}[aliases]\n${aliasTo(name)}`;
}

/** Each is made at a path where nothing is. */
const WHAT: readonly (readonly [string, string, (path: string) => Promise<unknown>])[] = [
  ["nothing", "no such file", () => Promise.resolve()],
  ["an empty file", "is empty: only SIGHUP loads that", (path) => writeFile(path, "")],
  ["a file of blanks", "is empty: only SIGHUP loads that", (path) => writeFile(path, "\n \t\r\n")],
  ["a folder", "it is a folder", (path) => mkdir(path)],
  ["a pipe that nobody writes to", "it is no ordinary file", (path) => Bun.spawn(["mkfifo", path]).exited],
  ["a device without an end", "it is no ordinary file", (path) => symlink("/dev/zero", path)],
  ["a link that leads nowhere", "no such file", (path) => symlink("nowhere", path)],
  [
    "a link that leads to itself",
    "its symbolic links lead in a circle",
    (path) => symlink("config.toml", path),
  ],
  [
    "a file of ten gigabytes",
    "it is too large",
    async (path) => {
      await writeFile(path, "");
      await truncate(path, 10 * 1024 ** 3);
    },
  ],
  ["a file of nothing but zeros", "invalid TOML", (path) => writeFile(path, new Uint8Array(300))],
  [
    "a text in another encoding",
    "it is no UTF-8 text",
    (path) => writeFile(path, Buffer.from("# caf\xe9\n", "latin1")),
  ],
];

/** Nothing is closed to the administrator. */
const CLOSED: typeof WHAT =
  process.getuid?.() === 0
    ? []
    : [
        [
          "a file that nobody may read",
          "permission denied",
          async (path) => {
            await writeFile(path, text("one"));
            await chmod(path, 0);
          },
        ],
      ];

test.each([...WHAT, ...CLOSED])("%s", async (_, words, make) => {
  const before = await whoAnswers(router, "a");
  const { config_loaded_at: loadedAt } = await configState(router);
  await rm(`${router.file}.other`, { force: true, recursive: true });
  await make(`${router.file}.other`);
  await rm(router.file, { force: true });
  await rename(`${router.file}.other`, router.file).catch(() => {});

  // it is seen without anybody asking
  await eventually(SOON_MS, async () => (await configState(router)).config_troubles[0]?.includes(words));
  const { status, body } = await within(SOON_MS, reload(router));
  expect(status).toBe(400);
  expect(`${body.error} ${body.mistakes?.[0]?.["message"]}`).toContain(words);
  await within(SOON_MS, router.log.until(new RegExp(RegExp.escape(words))));
  expect((await configState(router)).config_loaded_at).toBe(loadedAt);
  expect(await whoAnswers(router, "a")).toBe(before);

  // and so is the next configuration
  await rm(router.file, { force: true, recursive: true });
  const after = before === "one" ? "two" : "one";
  await save(router, text(after));
  await eventually(SOON_MS, async () => (await whoAnswers(router, "a")) === after);
  expect((await configState(router)).config_troubles).toEqual([]);
});

test("a pipe in the file's place keeps no alias from being saved", async () => {
  await rm(router.file);
  await Bun.spawn(["mkfifo", router.file]).exited;
  for (let times = 0; times < 10; times++) {
    expect((await within(SOON_MS, reload(router))).status).toBe(400);
  }
  const made = await within(
    SOON_MS,
    fetch(`${router.url}/api/aliases`, { method: "POST", body: '{"alias":"kept","target":"m"}' }),
  );
  expect(made.status).toBe(200);
});
