/** Where the user's home is, whoever the user is. */

import { expect, test } from "bun:test";
import { homedir } from "node:os";
import { join } from "node:path";

import { homeOf } from "../../src/config/home.ts";

const HOME = join(import.meta.dir, "..", "..", "src", "config", "home.ts");

test("it is what HOME says, else what the machine knows of the user", () => {
  expect(homeOf({ HOME: "/home/x" })).toBe("/home/x");
  expect([homeOf({}), homeOf({ HOME: "" })]).toEqual([homedir(), homedir()]);
});

test.skipIf(process.getuid?.() !== 0 || Bun.which("setpriv") === null)(
  "of a user whom the machine does not know it is the root of its files",
  async () => {
    const code = `const { homeOf } = await import(${JSON.stringify(HOME)}); console.log(homeOf({}));`;
    // who may still read what lies in root's own folders, such as Bun
    const may = "+dac_override,+dac_read_search";
    const ids = ["--reuid=65532", "--regid=65532", "--clear-groups"];
    const nobody = ["setpriv", ...ids, `--inh-caps=${may}`, `--ambient-caps=${may}`];
    const child = Bun.spawn([...nobody, process.execPath, "-e", code], {
      cwd: "/",
      env: {},
      stdout: "pipe",
      stderr: "inherit",
    });
    expect([await child.stdout.text(), await child.exited]).toEqual(["/\n", 0]);
  },
);
