/** However the file is saved, new requests follow it a moment later, and never anything in between. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { RawBackend } from "../support/backend.ts";
import { listening, type Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { aliasTo, table, teller, whoAnswers } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

/** It takes less than one, on a machine that does nothing else. */
const SOON_MS = 3000;

/** How long a program that writes a file in parts may stop in the middle. */
const PAUSE_MS = 200;

let engines: Readonly<Record<"one" | "two" | "between", RawBackend>>;
let router: Mellamo;
let folder: string;

beforeAll(async () => {
  engines = {
    one: await teller("one"),
    two: await teller("two"),
    // whoever asks for the alias while the file has none yet gets to this one
    between: await teller("between", ["a"]),
  };
  const tables = Object.entries(engines).map(([name, { url }]) => [name, { url, engine: "openai" }] as const);
  router = await routerOver(Object.fromEntries(tables), `[aliases]\n${aliasTo("one")}`);
  folder = dirname(router.file);
});

afterAll(async () => {
  await Promise.all([router, ...Object.values(engines)].map((one) => one[Symbol.asyncDispose]()));
});

/** The file in two parts: the first one is a whole configuration, too, but for the alias. */
function parts(name: string): readonly [string, string] {
  const backends = Object.entries(engines).map(([backend, engine]) => table(backend, engine));
  return [listening(backends.join("")), `[aliases]\n${aliasTo(name)}`];
}

function text(name: string): string {
  return parts(name).join("");
}

/** Puts a link to `target` at a path, in the place of whatever is there. */
async function link(target: string, path: string): Promise<void> {
  await symlink(target, `${path}.link`);
  await rename(`${path}.link`, path);
}

async function place(path: string, content: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** As Kubernetes mounts a ConfigMap: the file is a link through a folder that is a link, and the latter is swapped. */
async function swapVersion(version: string, content: string): Promise<void> {
  await place(join(folder, version, "config.toml"), content);
  await link(version, join(folder, "..data"));
}

const WAYS: readonly (readonly [string, (name: string) => Promise<void>])[] = [
  ["written in place", (name) => writeFile(router.file, text(name))],
  ["replaced by another", async (name) => rename(await place(join(folder, "new"), text(name)), router.file)],
  [
    "replaced twice in a row",
    async (name) => {
      await rename(await place(join(folder, "new"), text("between")), router.file);
      await rename(await place(join(folder, "new"), text(name)), router.file);
    },
  ],
  [
    "written in two parts with a pause",
    async (name) => {
      const [first, second] = parts(name);
      await writeFile(router.file, first);
      await Bun.sleep(PAUSE_MS);
      await writeFile(router.file, second, { flag: "a" });
    },
  ],
  [
    "emptied and then written",
    async (name) => {
      await writeFile(router.file, "");
      await Bun.sleep(PAUSE_MS);
      await writeFile(router.file, text(name));
    },
  ],
  [
    "empty for a long time and then written",
    async (name) => {
      await writeFile(router.file, "");
      await router.log.until(/event="configuration not loaded" .*is empty/);
      await writeFile(router.file, text(name));
    },
  ],
  [
    "deleted and made again",
    async (name) => {
      await rm(router.file);
      await router.log.until(/event="configuration not loaded" .*no such file/);
      await writeFile(router.file, text(name));
    },
  ],
  [
    "of the same length and of the same time as before",
    async (name) => {
      const { atime, mtime, size } = await stat(router.file);
      expect(Buffer.byteLength(text(name))).toBe(size);
      await writeFile(router.file, text(name));
      await utimes(router.file, atime, mtime);
    },
  ],
  [
    "made a link to another",
    async (name) => link(await place(join(folder, "elsewhere", "real.toml"), text(name)), router.file),
  ],
  [
    "a link whose target is written in place",
    (name) => writeFile(join(folder, "elsewhere", "real.toml"), text(name)),
  ],
  [
    "a link whose target is replaced",
    async (name) =>
      rename(
        await place(join(folder, "elsewhere", "new"), text(name)),
        join(folder, "elsewhere", "real.toml"),
      ),
  ],
  [
    "made a link through a folder that is one",
    async (name) => {
      await swapVersion("..version-1", text(name));
      await link(join("..data", "config.toml"), router.file);
    },
  ],
  [
    "of a folder that is swapped, as a ConfigMap is",
    async (name) => {
      await swapVersion("..version-2", text(name));
      await rm(join(folder, "..version-1"), { recursive: true });
    },
  ],
];

/** Asks on and on until `name` answers; returns all who did, without repetitions. */
async function askedUntil(name: string): Promise<string[]> {
  const answers: string[] = [];
  const deadline = Date.now() + SOON_MS;
  while (answers.at(-1) !== name && Date.now() < deadline) {
    const answer = await whoAnswers(router, "a");
    if (answer !== answers.at(-1)) answers.push(answer);
    await Bun.sleep(5);
  }
  return answers;
}

test.each(WAYS)("a file that is %s", async (_, save) => {
  const before = await whoAnswers(router, "a");
  const after = before === "one" ? "two" : "one";
  const asking = askedUntil(after);
  await save(after);
  expect(await asking).toEqual([before, after]);
});
