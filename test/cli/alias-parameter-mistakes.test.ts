/** Options and times that `mellamo alias set` does not understand are one line and the status 2, and nothing is changed. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { aliasFolder, PLACES, storeText } from "../support/alias-folder.ts";
import { command } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(60_000);

const DURATION = 'expected a duration such as "30m", a number of seconds, or -1 for ever';
const PAIR = "expected NAME=VALUE";

const MISTAKES: readonly (readonly [flags: readonly string[], line: string])[] = [
  [["--option", "num_ctx"], `--option: ${PAIR}, got "num_ctx"`],
  [["--option", "=5"], `--option: ${PAIR}, got "=5"`],
  [["--option", ""], `--option: ${PAIR}, got ""`],
  [["--force", "num_ctx"], `--force: ${PAIR}, got "num_ctx"`],
  [["--option", "num_ctx", "8192"], `--option: ${PAIR}, got "num_ctx"`],
  [["--option", "num_ctx=8k"], '--option num_ctx: expected a whole number from 1 on, got "8k"'],
  [["--option", "num_ctx="], '--option num_ctx: expected a whole number from 1 on, got ""'],
  [["--option", "num_ctx=0"], "--option num_ctx: expected a whole number from 1 on, got 0"],
  [["--force", "num_ctx=-1"], "--force num_ctx: expected a whole number from 1 on, got -1"],
  [["--option", "temperature=warm"], '--option temperature: expected a number, got "warm"'],
  [
    ["--option", "seed=18446744073709551616"],
    "--option seed: expected a whole number, got 18446744073709552000",
  ],
  [["--option", "stop=a"], '--option stop: expected a list of strings, got "a"'],
  [["--option", "use_mmap=yes"], '--option use_mmap: expected true or false, got "yes"'],
  [["--force", "numctx=1"], '--force numctx: unknown option, did you mean "num_ctx"?'],
  [
    ["--option", 'newer={"a":1}'],
    "--option newer: expected a number, a string, true or false, or a list of them",
  ],
  [["--keep-alive", "soon"], `--keep-alive: ${DURATION}`],
  [["--keep-alive", ""], `--keep-alive: ${DURATION}`],
  [["--force-keep-alive", "5 minutes"], `--force-keep-alive: ${DURATION}`],
  // a good one does not make up for a bad one
  [
    ["--option", "num_ctx=1", "--force", "seed=x", "--keep-alive", "1m"],
    '--force seed: expected a whole number, got "x"',
  ],
];

const OLD = storeText({ alias: "x", target: "old", options: { seed: 1 } });

test.concurrent.each(PLACES)("%s", async (where) => {
  await using here = await aliasFolder(where, NO_ENGINE, OLD);
  for (const [flags, line] of MISTAKES) {
    const done = await here.alias("set", "x", "y", ...flags);
    expect([flags, done]).toEqual([flags, { status: 2, out: "", err: `mellamo alias set: ${line}\n` }]);
  }
  expect(await here.stored()).toBe(OLD);
});

test.concurrent.each([["--option"], ["--force"], ["--keep-alive"], ["--force-keep-alive"]])(
  "%s without a value is told with the way to help",
  async (flag) => {
    const { status, out, err } = await command(["alias", "set", "x", "y", flag]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`^mellamo alias set: .*${flag}.*\nSee: mellamo alias set --help\n$`));
  },
);

test.concurrent("help tells of them", async () => {
  const { out } = await command(["alias", "set", "--help"]);
  for (const flag of [
    "option NAME=VALUE",
    "force NAME=VALUE",
    "keep-alive DURATION",
    "force-keep-alive DURATION",
  ])
    expect(out).toMatch(new RegExp(`^ {2}--${flag} {2,}\\w`, "m"));
});
