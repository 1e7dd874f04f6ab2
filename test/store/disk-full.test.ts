/** On a full disk a change is refused in the client's dialect: what was there stays, in the file and in memory. */

import { expect, test } from "bun:test";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { CAN_MOUNT, seenBy, smallDisk } from "../support/mounts.ts";
import { routerOver } from "../support/over.ts";
import { aliasesOf, removeAlias, setAlias, storeStatus, storeTable } from "../support/store-calls.ts";

const LONG = "x".repeat(70);

function engine(): Promise<RawBackend> {
  return rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m","done":true}'), "ollama");
}

function call(router: Mellamo, method: string, path: string, body: object): Promise<Response> {
  return fetch(`${router.url}${path}`, { method, body: JSON.stringify(body) });
}

async function expectRefused(response: Response, why: string): Promise<void> {
  expect(response.status).toBe(500);
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const body = (await response.json()) as { error: string };
  expect(Object.keys(body)).toEqual(["error"]);
  expect(body.error).toMatch(new RegExp(`^the alias store .* cannot be changed: ${why}$`));
}

/** Sets aliases until that is refused; resolves to the names of those that were made. */
async function fill(router: Mellamo, why: string): Promise<string[]> {
  for (const made: string[] = []; ;) {
    const alias = `${LONG}-${made.length}`;
    const response = await setAlias(router, alias, "m");
    if (response.status !== 200) {
      await expectRefused(response, why);
      return made;
    }
    made.push(alias);
    expect(made.length).toBeLessThan(5000);
  }
}

/** All that can be seen of the store is what was acknowledged. */
async function expectKept(router: Mellamo, folder: string, made: readonly string[]): Promise<void> {
  const { aliases } = JSON.parse(await readFile(`${folder}/server.json`, "utf8")) as {
    aliases: { alias: string }[];
  };
  expect(aliases.map(({ alias }) => alias)).toEqual([...made]);
  expect(Object.keys(await aliasesOf(router)).sort()).toEqual([...made].sort());
  expect(await storeStatus(router)).toMatchObject({ aliases: made.length, trouble: null });
  expect(await readdir(folder)).not.toContain("server.json.new");
  const chat = await call(router, "POST", "/api/chat", { model: made.at(-1), messages: [], stream: false });
  expect(chat.status).toBe(200);
}

test.skipIf(!CAN_MOUNT)("a disk without space: nothing changes until there is some again", async () => {
  await using backend = await engine();
  await using folder = await folderOf();
  const disk = folder.at("disk");
  await mkdir(disk);
  await using router = await routerOver({ b: { url: backend.url } }, storeTable(`${disk}/server.json`), {
    through: smallDisk(disk, 65_536),
  });
  const seen = seenBy(router, disk);
  await writeFile(`${seen}/ballast`, "x".repeat(32_768));
  const full = "no space left on the disk";
  const made = await fill(router, full);
  expect(made.length).toBeGreaterThan(10);
  await expectKept(router, seen, made);

  // by each of the ways that change aliases, also by those that make the file shorter
  await writeFile(`${seen}/more`, "x".repeat(65_536)).catch(() => {});
  await expectRefused(await removeAlias(router, made[0] ?? ""), full);
  await expectRefused(await call(router, "POST", "/api/copy", { source: "m", destination: LONG }), full);
  await expectRefused(await call(router, "DELETE", "/api/delete", { model: made[0] }), full);
  await expectKept(router, seen, made);

  await rm(`${seen}/more`);
  await rm(`${seen}/ballast`);
  expect((await setAlias(router, "again", "m")).status).toBe(200);
  await expectKept(router, seen, [...made, "again"]);
});

test.skipIf(process.platform === "win32")(
  "a file that may not grow: nothing changes until something is taken out of it",
  async () => {
    await using backend = await engine();
    await using folder = await folderOf();
    await using router = await routerOver({ b: { url: backend.url } }, storeTable(folder.at("server.json")), {
      through: ["sh", "-c", 'ulimit -S -f 8; exec "$@"', "sh"],
    });
    const made = await fill(router, "it may not become as large as that");
    expect(made.length).toBeGreaterThan(10);
    await expectKept(router, folder.path, made);

    const [first = "", ...others] = made;
    expect((await removeAlias(router, first)).status).toBe(200);
    expect((await setAlias(router, first, "m")).status).toBe(200);
    await expectKept(router, folder.path, [...others, first]);
  },
);
