/** Where the log goes to systemd's journal, its lines are as that keeps them: without a time, and with how grave they are. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { logTo } from "../../src/telemetry/log.ts";
import { folderOf } from "../support/folder.ts";
import { cleanEnv, PROGRAM } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test.each([
  ["logfmt", 'level=warn event="it is so" n=1 why="a b"\n'],
  ["json", '{"level":"warn","event":"it is so","n":1,"why":"a b"}\n'],
] as const)("lines of %s begin with their priority", (format, line) => {
  const lines: string[] = [];
  const log = logTo((text) => lines.push(text), "debug", format, "journal");
  log.warn("it is so", { n: 1, why: "a b", nothing: undefined });
  expect(lines).toEqual([`<4>${line}`]);
  log.error("x");
  log.info("x");
  log.debug("x");
  expect(lines.slice(1).map((text) => text.slice(0, 3))).toEqual(["<3>", "<6>", "<7>"]);
});

test("what is less grave than asked for is left out there, too", () => {
  const lines: string[] = [];
  const log = logTo((text) => lines.push(text), "warn", "logfmt", "journal");
  log.info("x");
  log.warn("x");
  expect(lines).toEqual(["<4>level=warn event=x\n"]);
});

const FIT = `[server]\nlisten = "127.0.0.1:0"\n[[backend]]\nurl = "${NOBODY}"\n`;

/** Runs a command line whose standard error is what a shell says that the journal's stream is. */
async function linesOf(journal: string, toml: string): Promise<string[]> {
  await using folder = await folderOf({ "config.toml": toml });
  const script = `JOURNAL_STREAM=${journal} exec "$0" "$@"`;
  const child = Bun.spawn(["sh", "-c", script, ...PROGRAM, "serve", "--config", folder.at("config.toml")], {
    env: cleanEnv({ STATE_DIRECTORY: folder.path }),
    stdout: "ignore",
    stderr: "pipe",
  });
  let text = "";
  for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("no engine answers yet")) child.kill("SIGTERM");
  }
  await child.exited;
  return text.split("\n").slice(0, -1);
}

const onLinux = test.skipIf(process.platform !== "linux");

/** Device and inode of the standard error of whoever asks. */
const OWN = "$(stat -L -c %d:%i /dev/stderr)";

onLinux("a router whose log is the journal's writes no time, and no colour", async () => {
  const lines = await linesOf(OWN, FIT);
  for (const line of lines) expect(line).toMatch(/^<[3467]>level=(error|warn|info|debug) event=[^\x1b]*$/);
  expect(lines).toContainEqual(expect.stringMatching(/^<6>level=info event=listening /));
  expect(lines).toContainEqual(expect.stringMatching(/^<4>level=warn event="no engine answers yet" /));
});

onLinux("mistakes that keep it from starting are errors there, line by line", async () => {
  expect(await linesOf(OWN, `${FIT}colour = 1\n[log]\nlevel = 2\n`)).toEqual([
    expect.stringMatching(/^<3>.*config\.toml:5:1: backend\.0\.colour: unknown key$/),
    expect.stringMatching(/^<3>.*config\.toml:7:1: log\.level: /),
  ]);
});

onLinux.each(["1:1", "", "x", `"$(stat -L -c %d:%i /dev/null)"`])(
  "a log that goes elsewhere than to the stream %j of the journal is as ever",
  async (journal) => {
    for (const line of await linesOf(journal, FIT)) expect(line).toMatch(/^time=\S+Z level=/);
  },
);
