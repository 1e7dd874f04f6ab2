/** A build says which source it was made of, and only what was tagged as a version is called by it. */

import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";

import { readCheckout } from "../../scripts/release/checkout.ts";
import { run } from "../../scripts/release/run.ts";
import { type Checkout, dateOf, stampOf, whyNoRelease } from "../../scripts/release/stamp.ts";
import { type Folder, folderOf } from "../support/folder.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const WHOLE: Checkout = { commit: COMMIT, committedS: 1_700_000_000, tags: ["v1.2.3"], changed: [] };

test.each<[string, Partial<Checkout>, string, string]>([
  ["its tag, and nothing changed", {}, "1.2.3", "0123456789ab"],
  ["other tags beside its own", { tags: ["latest", "v1.2.3"] }, "1.2.3", "0123456789ab"],
  ["no tag", { tags: [] }, "1.2.3-dev", "0123456789ab"],
  ["a tag that is no version", { tags: ["latest"] }, "1.2.3-dev", "0123456789ab"],
  ["its tag, and a change since", { changed: ["src/main.ts"] }, "1.2.3-dev", "0123456789ab-changed"],
])("with %s", (_, checkout, version, commit) => {
  const stamp = stampOf("1.2.3", { ...WHOLE, ...checkout }, undefined);
  expect(stamp).toEqual({ version, commit, epochS: 1_700_000_000 });
});

test("source that is in no repository has no commit, and is no release", () => {
  expect(stampOf("1.2.3", undefined, "")).toEqual({ version: "1.2.3-dev", commit: undefined, epochS: 0 });
  expect(whyNoRelease("1.2.3", undefined)).toBe("a release is made in a git repository");
});

test("SOURCE_DATE_EPOCH goes before the commit's date, and nonsense in it is refused", () => {
  const stamp = stampOf("1.2.3", WHOLE, "86400");
  expect([stamp.epochS, dateOf(stamp), dateOf(stampOf("1.2.3", WHOLE, undefined))]).toEqual([
    86_400,
    "1970-01-02",
    "2023-11-14",
  ]);
  expect(() => stampOf("1.2.3", WHOLE, "yesterday")).toThrow(
    'SOURCE_DATE_EPOCH is "yesterday", expected a number of seconds',
  );
});

test.each<[string, Partial<Checkout>, string | undefined]>([
  ["its own tag", {}, undefined],
  ["no tag", { tags: [] }, undefined],
  ["no tag and changes", { tags: [], changed: ["README.md"] }, undefined],
  ["a tag that is no version", { tags: ["latest"] }, undefined],
  [
    "another version's tag",
    { tags: ["v1.2.4"] },
    "tag v1.2.4 is not v1.2.3, which package.json says: move the tag, or change the version",
  ],
  [
    "its version as a tag that lacks the v",
    { tags: ["1.2.3"] },
    "tag 1.2.3 is not v1.2.3, which package.json says: move the tag, or change the version",
  ],
  [
    "its own tag and changes",
    { changed: ["README.md", "src/main.ts"] },
    "v1.2.3 is tagged, but these files are not as they were committed: README.md, src/main.ts",
  ],
])("whether there may be a release with %s", (_, checkout, why) => {
  expect(whyNoRelease("1.2.3", { ...WHOLE, ...checkout })).toBe(why);
});

async function repository(): Promise<Folder & { git: (...args: string[]) => Promise<string> }> {
  const folder = await folderOf({ "src/main.ts": "1\n", "README.md": "x\n", "notes.txt": "x\n" });
  const name = ["-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "commit.gpgsign=false"];
  const git = (...args: string[]) => run(["git", ...name, ...args], { cwd: folder.path });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message=x");
  return { ...folder, git };
}

test.skipIf(Bun.which("git") === null)(
  "git tells the commit, its tags, and what was changed since",
  async () => {
    await using folder = await repository();
    await folder.git("tag", "v1.2.3");
    await folder.git("tag", "-a", "-m", "x", "latest");
    const commit = (await folder.git("rev-parse", "HEAD")).trim();
    const committedS = Number(await folder.git("log", "-1", "--format=%ct"));
    expect(await readCheckout(folder.path)).toEqual({
      commit,
      committedS,
      tags: ["latest", "v1.2.3"],
      changed: [],
    });

    await writeFile(folder.at("README.md"), "y\n");
    await writeFile(folder.at("src/new.ts"), "2\n");
    // goes into nothing that is built
    await writeFile(folder.at("notes.txt"), "y\n");
    expect([...((await readCheckout(folder.path))?.changed ?? [])].sort()).toEqual([
      "README.md",
      "src/new.ts",
    ]);
  },
);

test("a folder that is no repository has no commit", async () => {
  await using folder = await folderOf();
  expect(await readCheckout(folder.path)).toBeUndefined();
});
