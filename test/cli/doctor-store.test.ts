/** `mellamo doctor` says whether the store of aliases can be read, understood and written, and leaves it as it is. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { chmod, readdir, readFile } from "node:fs/promises";

import { storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { type Diagnosis, doctor } from "../support/diagnosis.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { mellamo, PROGRAM, started } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";
import { setAlias, storeTable } from "../support/store-calls.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const WHAT = "alias store";

async function diagnosed(
  folder: Folder,
  name = "server.json",
  through: readonly string[] = [],
): Promise<Diagnosis> {
  await Bun.write(
    folder.at("config.toml"),
    `[server]\nlisten = "127.0.0.1:0"\n${storeTable(folder.at(name))}${NO_ENGINE}`,
  );
  return doctor({ cwd: folder.path, through });
}

test.concurrent("one that is not there yet is well, and is not made", async () => {
  await using folder = await folderOf();
  const { about } = await diagnosed(folder, "state/server.json");
  expect(about(WHAT)).toEqual({
    what: WHAT,
    state: "ok",
    text: `${folder.at("state/server.json")} is made with the first alias`,
  });
  expect(await readdir(folder.path)).toEqual(["config.toml"]);
});

test.concurrent.each([
  [
    "no JSON",
    "{",
    /it is no JSON \(/,
    "mend it, or name another file by [store] path: the router that starts next sets it aside as ",
  ],
  ["no UTF-8", "\xff", /it is no/, "mend it, "],
  ["a list", "[]", /it is no JSON object$/, "mend it, "],
  [
    "of a newer layout",
    '{"version":2,"aliases":[]}',
    /unsupported router config version 2$/,
    "put a mellamo there that knows it, or name another file by [store] path: until then no aliases can be made",
  ],
])("one that is %s is a fault, and stays as it is", async (_, text, why, remedy) => {
  await using folder = await folderOf({ "server.json": text });
  const before = await readFile(folder.at("server.json"));
  const { about, status } = await diagnosed(folder);
  expect(about(WHAT)).toMatchObject({
    state: "fault",
    text: expect.stringMatching(why),
    remedy: expect.stringContaining(remedy),
  });
  expect(status).toBe(1);
  expect(await readFile(folder.at("server.json"))).toEqual(before);
  expect((await readdir(folder.path)).toSorted()).toEqual(["config.toml", "server.json"]);
});

test.concurrent("entries that cannot be read are worth a warning", async () => {
  await using folder = await folderOf({
    "server.json": storeText({ alias: "x", target: "m" }, { alias: 5 }),
  });
  const { about } = await diagnosed(folder);
  expect(about(WHAT)).toEqual({
    what: WHAT,
    state: "warn",
    text: `${folder.at("server.json")} (aliases: 1): entries that cannot be read: 1`,
    remedy: "correct them, or take them out: they have no effect",
  });
});

test.concurrent("one that is read-only, or a folder, or in a file, is a fault", async () => {
  await using folder = await folderOf({ "server.json": storeText(), "folder/mine": "", file: "" });
  await chmod(folder.at("server.json"), 0o444);
  const { findings } = await diagnosed(folder);
  expect(findings.filter(({ what }) => what === WHAT)).toEqual([
    {
      what: WHAT,
      state: "fault",
      text: `${folder.at("server.json")}: it is read-only`,
      remedy: "allow to write it (chmod u+w), or name another file by [store] path",
    },
  ]);
  expect((await diagnosed(folder, "folder")).about(WHAT)).toMatchObject({
    state: "fault",
    text: `${folder.at("folder")}: it is a folder`,
    remedy: "move the folder away, or name another file by [store] path",
  });
  expect((await diagnosed(folder, "file/server.json")).about(WHAT)).toMatchObject({
    state: "fault",
    text: `${folder.at("file/server.json")}: a part of its path is no folder`,
  });
});

test.concurrent("what the router that runs has set aside is told, with where it is", async () => {
  await using folder = await folderOf({ "server.json": "{" });
  const socket = folder.at("m.sock");
  await using router = await mellamo(
    `[server]\nlisten = "unix:${socket}"\n${storeTable(folder.at("server.json"))}${NO_ENGINE}`,
  );
  const { about } = await doctor({ cwd: folder.path }, "--config", router.file);
  expect(about(WHAT)).toMatchObject({
    state: "warn",
    text: expect.stringMatching(/it could not be read, and was set aside as .*server\.json\.broken-/),
    remedy: "what is missing is there: mend it, and put it back",
  });
});

/** One that no root is, whom nothing is closed to. */
const NOBODY_ELSE = ["setpriv", "--reuid=65534", "--clear-groups"];
const CAN_BE_OTHERS =
  process.getuid?.() === 0 &&
  Bun.which("setpriv") !== null &&
  Bun.spawnSync([...NOBODY_ELSE, ...PROGRAM, "--version"]).success;

test.skipIf(!CAN_BE_OTHERS)(
  "what this user may not write is a fault, but for a router that runs as another",
  async () => {
    await using folder = await folderOf({ "server.json": storeText({ alias: "x", target: "m" }) });
    await chmod(folder.path, 0o755);
    const closed = await diagnosed(folder, "server.json", NOBODY_ELSE);
    expect(closed.findings.filter(({ what }) => what === WHAT).at(-1)).toEqual({
      what: WHAT,
      state: "fault",
      text: `${folder.at("server.json")}: permission denied in ${folder.path}`,
      remedy:
        "let the user that runs mellamo read and write it, and its folder (chown, chmod), or name another file by [store] path",
    });
    await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
    await setAlias(router, "y", "m");
    await chmod(folder.at("server.json"), 0o600);
    const text = (await Bun.file(folder.at("config.toml")).text()).replace(
      "127.0.0.1:0",
      `127.0.0.1:${router.port}`,
    );
    await Bun.write(folder.at("config.toml"), text);
    const { about } = await doctor({ cwd: folder.path, through: NOBODY_ELSE });
    expect(about(WHAT)).toEqual({
      what: WHAT,
      state: "warn",
      text: `${folder.at("server.json")}: permission denied`,
      remedy: "run mellamo doctor as the user that runs mellamo",
    });
  },
);

test.skipIf(!CAN_BE_OTHERS)(
  "what the router that runs may not read is a fault for everybody, and its aliases are not counted",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath);
    await using folder = await folderOf({ "server.json": storeText({ alias: "x", target: "m" }) });
    await chmod(folder.path, 0o755);
    await chmod(folder.at("server.json"), 0o600);
    const toml = `[server]\nlisten = "127.0.0.1:0"\n${storeTable(folder.at("server.json"))}${backendTable("gpu", gpu.url)}`;
    await Bun.write(folder.at("config.toml"), toml);
    await using router = await started(["serve"], folder, { through: NOBODY_ELSE });
    await Bun.write(folder.at("here.toml"), toml.replace("127.0.0.1:0", `127.0.0.1:${router.port}`));
    for (const through of [NOBODY_ELSE, []]) {
      const place = { cwd: folder.path, through };
      const { about, status } = await doctor(place, "--config", folder.at("here.toml"));
      expect(about(WHAT)).toEqual({
        what: WHAT,
        state: "fault",
        text: `${folder.at("server.json")}: permission denied`,
        remedy:
          "let the user that runs mellamo read and write it, and its folder (chown, chmod), or name another file by [store] path",
      });
      expect(status).toBe(1);
    }
  },
);

test.skipIf(!CAN_BE_OTHERS)(
  "what this user may not write is a fault where the router runs as the same, and not where it does not",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath);
    await using folder = await folderOf({ "server.json": storeText({ alias: "x", target: "m" }) });
    await chmod(folder.path, 0o755);
    const toml = `[server]\nlisten = "127.0.0.1:0"\n${storeTable(folder.at("server.json"))}${backendTable("gpu", gpu.url)}`;
    await Bun.write(folder.at("config.toml"), toml);
    const through = NOBODY_ELSE;
    await using router = await started(["serve"], folder, { through });
    await Bun.write(folder.at("here.toml"), toml.replace("127.0.0.1:0", `127.0.0.1:${router.port}`));
    const same = await doctor({ cwd: folder.path, through }, "--config", folder.at("here.toml"));
    expect(same.about(WHAT)).toMatchObject({
      state: "fault",
      text: `${folder.at("server.json")}: permission denied in ${folder.path}`,
    });
  },
);

test.skipIf(!CAN_BE_OTHERS)(
  "of a store that this user may not read, the router that runs tells the aliases",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath);
    await using folder = await folderOf({
      "server.json": storeText(
        { alias: "x", target: "m" },
        { alias: "y-", target: "m", prefix_matching: true },
      ),
    });
    await chmod(folder.path, 0o755);
    await chmod(folder.at("server.json"), 0o600);
    const toml = `[server]\nlisten = "127.0.0.1:0"\n${storeTable(folder.at("server.json"))}${backendTable("gpu", gpu.url)}`;
    await Bun.write(folder.at("config.toml"), toml);
    const place = { cwd: folder.path, through: NOBODY_ELSE };
    const alone = await doctor(place);
    expect(alone.about("aliases").text).toBe("all lead to models (of the file: 0, stored: not read)");
    await using router = await started(["serve"], folder);
    await Bun.write(folder.at("here.toml"), toml.replace("127.0.0.1:0", `127.0.0.1:${router.port}`));
    const { about } = await doctor(place, "--config", folder.at("here.toml"));
    expect(about(WHAT).state).toBe("warn");
    expect(about("aliases").text).toBe("all lead to models (of the file: 0, stored: 2)");
  },
);
