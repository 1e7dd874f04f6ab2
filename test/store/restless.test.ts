/** A file that changes all the time, or elsewhere and back, keeps no router from what stands in it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { rename, rm, symlink, writeFile } from "node:fs/promises";

import { eventually } from "../support/eventually.ts";
import { folderOf } from "../support/folder.ts";
import { mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { aliasesOf, setAlias, storeTable } from "../support/store-calls.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

test("an alias is in force though another program saves again and again", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  let beat = 0;
  const writer = setInterval(async () => {
    await writeFile(
      folder.at("next"),
      JSON.stringify({ beat: beat++, aliases: [{ alias: "new", target: "m" }] }),
    );
    await rename(folder.at("next"), folder.at("server.json"));
  }, 100);
  try {
    await eventually(
      () => aliasesOf(router),
      (aliases) => aliases["new"] === "m",
    );
  } finally {
    clearInterval(writer);
  }
});

test("memory agrees with the file after its folder was another one for a moment", async () => {
  await using folder = await folderOf({
    "one/server.json": '{"aliases":[{"alias":"one","target":"m"}]}',
    "two/server.json": '{"aliases":[{"alias":"two","target":"m"}]}',
  });
  const point = async (name: string): Promise<void> => {
    await rm(folder.at("now"), { force: true });
    await symlink(folder.at(name), folder.at("now"));
  };
  await point("one");
  await using router = await mellamo(`${storeTable(folder.at("now/server.json"))}${NO_ENGINE}`);
  await point("two");
  expect((await setAlias(router, "three", "m")).status).toBe(200);
  await point("one");
  const listed = await eventually(
    () => aliasesOf(router),
    (aliases) => "one" in aliases,
  );
  expect(listed).toEqual({ one: "m" });
});
