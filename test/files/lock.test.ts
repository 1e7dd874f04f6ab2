/** One process at a time changes the file: whoever dies with the lock frees it, and whoever keeps it stops nobody for ever. */

import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";

import { LockTimeout, withLock } from "../../src/files/lock.ts";
import { FileStore } from "../../src/store/file-store.ts";
import { within } from "../support/deadline.ts";
import { folderOf } from "../support/folder.ts";
import { lockHolder } from "../support/lock-holder.ts";

const A = { alias: "a", target: "m" } as const;

/** A lock that is free, or falls free, is had well within this time. */
const SOON_MS = 4000;

/** How long it may take until waiting for a lock is given up. */
const GIVEN_UP_MS = 15_000;

test("who holds it is alone", async () => {
  await using folder = await folderOf();
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await Bun.sleep(1);
    inside--;
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(folder.at("x"), work)));
  expect(most).toBe(1);
});

test("locks of two files have nothing to do with each other", async () => {
  await using folder = await folderOf();
  const inner = withLock(folder.at("x"), () => withLock(folder.at("y"), () => Promise.resolve("both")));
  expect(await within(SOON_MS, inner)).toBe("both");
});

test("what the work comes to is passed on, and the lock is free again either way", async () => {
  await using folder = await folderOf();
  expect(await withLock(folder.at("x"), () => Promise.resolve(7))).toBe(7);
  const failing = withLock(folder.at("x"), () => Promise.reject(new RangeError("mine")));
  await expect(failing).rejects.toThrow("mine");
  expect(
    await within(
      SOON_MS,
      withLock(folder.at("x"), () => Promise.resolve(8)),
    ),
  ).toBe(8);
});

test("what is left of it is an empty file beside the other, which others may lock too", async () => {
  await using folder = await folderOf();
  await withLock(folder.at("made/for/it/x"), () => Promise.resolve());
  expect(await readdir(folder.at("made/for/it"))).toEqual(["x.lock"]);
  const { size, mode } = await stat(folder.at("made/for/it/x.lock"));
  expect([size, (mode & 0o777).toString(8)]).toEqual([0, "666"]);
  expect(((await stat(folder.at("made"))).mode & 0o777).toString(8)).toBe("700");
});

test("a link in its place to somebody else's file leaves that as it is", async () => {
  await using folder = await folderOf({ secret: "" });
  await chmod(folder.at("secret"), 0o600);
  await symlink("secret", folder.at("x.lock"));
  expect(await withLock(folder.at("x"), () => Promise.resolve(7))).toBe(7);
  expect(((await stat(folder.at("secret"))).mode & 0o777).toString(8)).toBe("600");
});

test("where no lock can be made, that is told", async () => {
  await using folder = await folderOf({ "a file": "" });
  await mkdir(folder.at("x.lock"));
  await expect(withLock(folder.at("x"), () => Promise.resolve())).rejects.toThrow();
  await expect(withLock(folder.at("a file/x"), () => Promise.resolve())).rejects.toThrow();
});

test.concurrent("a holder that is killed blocks nobody", async () => {
  await using folder = await folderOf();
  await using holder = await lockHolder(folder.at("server.json"));
  const store = new FileStore(folder.at("server.json"));
  const change = store.change(() => ({ set: A }));
  await holder.signal("SIGKILL");
  expect(await within(SOON_MS, change)).toEqual({ set: A });
});

test.concurrent(
  "a holder that hangs makes a change fail, whatever path the file is reached by, and no change at all is made",
  async () => {
    await using folder = await folderOf({ "real/server.json": '{"aliases":[]}' });
    await symlink("real/server.json", folder.at("link.json"));
    await using holder = await lockHolder(folder.at("real/server.json"));
    await holder.signal("SIGSTOP");
    const store = new FileStore(folder.at("link.json"));
    await store.load();
    const asked = { decided: false };
    const change = store.change(() => {
      asked.decided = true;
      return { set: A };
    });
    // it goes on to be read
    await within(GIVEN_UP_MS, store.load());
    expect(await change).toEqual({
      problem: "unsaved",
      text: `the alias store ${folder.at("link.json")} cannot be changed: another program holds its lock`,
    });
    expect(asked.decided).toBe(false);
    expect(await readFile(folder.at("real/server.json"), "utf8")).toBe('{"aliases":[]}');
    await holder.signal("SIGKILL");
    expect(
      await within(
        SOON_MS,
        store.change(() => ({ set: A })),
      ),
    ).toEqual({ set: A });
    expect(store.entries).toEqual([A]);
  },
  30_000,
);

test.concurrent(
  "waiting for it is given up with an error of its own",
  async () => {
    await using folder = await folderOf();
    await using _ = await lockHolder(folder.at("x"));
    const waiting = withLock(folder.at("x"), () => Promise.resolve());
    const failure: unknown = await within(GIVEN_UP_MS, waiting).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(LockTimeout);
  },
  30_000,
);
