/** `mellamo alias` and its subcommands refuse what they do not understand with the status 2, and say how they are called. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const SUBCOMMANDS = 'expected "set", "rm", "show" or nothing more';

test.concurrent.each<[string[], string, string]>([
  [["alias", "foo"], `unknown subcommand "foo", ${SUBCOMMANDS}`, "alias"],
  [["alias", "list"], `unknown subcommand "list", ${SUBCOMMANDS}`, "alias"],
  [["alias", "remove", "x"], `unknown subcommand "remove", ${SUBCOMMANDS}`, "alias"],
  [["alias", "sett", "x", "y", "--order"], `unknown subcommand "sett", ${SUBCOMMANDS}`, "alias"],
  [["alias", "SET", "--help"], `unknown subcommand "SET", ${SUBCOMMANDS}`, "alias"],
  [["alias", "--json", "set", "x", "y"], 'options go behind "alias set"', "alias"],
  [["alias", "--", "x"], "expected no arguments, got x", "alias"],
  [["alias", "--live"], "Unknown option '--live'", "alias"],
  [["alias", "set"], "expected NAME TARGET…, got none", "alias set"],
  [["alias", "set", "x"], "expected NAME TARGET…, got x", "alias set"],
  [
    ["alias", "set", "x", "y", "--listed"],
    `Unknown option '--listed', did you mean "--unlisted"?`,
    "alias set",
  ],
  [["alias", "set", "x", "y", "--prefix=yes"], "Option '--prefix' does not take an argument", "alias set"],
  [["alias", "rm"], "expected NAME, got none", "alias rm"],
  [["alias", "rm", "x", "y"], "expected NAME, got x y", "alias rm"],
  [["alias", "rm", "x", "--prefix"], "Unknown option '--prefix'", "alias rm"],
  [["alias", "show"], "expected NAME, got none", "alias show"],
  [["alias", "show", "x", "y"], "expected NAME, got x y", "alias show"],
  [["status", "x"], "expected no arguments, got x", "status"],
])("%j is refused with one line and the way to help", async (args, line, name) => {
  await using folder = await folderOf();
  const env = { STATE_DIRECTORY: folder.path };
  expect(await command(args, { cwd: folder.path, env })).toEqual({
    status: 2,
    out: "",
    err: `mellamo ${name}: ${line}\nSee: mellamo ${name} --help\n`,
  });
});

test.concurrent("alias --help names the subcommands", async () => {
  const { out } = await command(["alias", "--help"]);
  for (const call of ["set NAME TARGET…", "rm NAME", "show NAME"])
    expect(out).toMatch(new RegExp(`^  mellamo alias ${call} {2,}\\w`, "m"));
});

test.concurrent.each([[[]], [["set"]], [["rm"]], [["show"]]])(
  "alias %j --help says what happens where no router runs",
  async (words) => {
    const { out } = await command(["alias", ...words, "--help"]);
    expect(out).toMatch(/^ {2}--server HOST:PORT .* if none does, the store's file\)$/m);
  },
);
