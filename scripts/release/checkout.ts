/** Reads of git which source this is. */

import { existsSync } from "node:fs";
import { join } from "node:path";

import { ROOT, run } from "./run.ts";
import type { Checkout } from "./stamp.ts";

/** What goes into a release. */
const SOURCES = [
  "src",
  "scripts",
  "package.json",
  "bun.lock",
  "tsconfig.json",
  "bunfig.toml",
  "config.toml",
  "README.md",
  "LICENSE",
];

/** Undefined where the source is in no repository of its own. */
export async function readCheckout(root = ROOT): Promise<Checkout | undefined> {
  if (!existsSync(join(root, ".git")) || Bun.which("git") === null) return undefined;
  // whoever owns the folder, this is the source that is being run
  const git = (...args: string[]) => run(["git", "-c", `safe.directory=${root}`, ...args], { cwd: root });
  const [head, tags, status] = await Promise.all([
    git("log", "-1", "--format=%H %ct"),
    git("tag", "--points-at", "HEAD"),
    git("status", "--porcelain", "--", ...SOURCES),
  ]);
  const [commit = "", committed] = head.trim().split(" ");
  return {
    commit,
    committedS: Number(committed),
    tags: linesOf(tags),
    changed: linesOf(status).map((line) => line.slice(3)),
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
