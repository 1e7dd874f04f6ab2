/** Shells complete the commands of the table, their options, files, and the names that the running router knows. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { COMMANDS } from "../../src/cli/commands.ts";
import { rawBackend } from "../support/backend.ts";
import { type Completing, completing, type Shell, SHELLS } from "../support/completing.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";
import { setAlias } from "../support/store-calls.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const HOSTILE = "evil $(touch pwned)`touch pwned`;'\"*";

let here: Completing;
let nobody: Completing;
let router: Mellamo;
const ending = new AsyncDisposableStack();

beforeAll(async () => {
  const box = ending.use(await rawBackend(["qwen3:4b", "qwen3:32b", HOSTILE], noSuchPath));
  const names = '[aliases]\n"filed" = "qwen3:4b"\n"claude-*" = "qwen3:4b"\n';
  router = ending.use(await routerOver({ box: { url: box.url }, attic: { url: NOBODY } }, names));
  await setAlias(router, "stored", "qwen3:4b");
  here = ending.use(await completing({ MELLAMO_HOST: `127.0.0.1:${router.port}` }));
  nobody = ending.use(await completing({ MELLAMO_HOST: NOBODY }));
});
afterAll(() => ending.disposeAsync());

/** How the script of a shell names what it says of a command, and an option of that. */
const WRITTEN = {
  bash: {
    command: (name: string) => `    "${name}") nexts=`,
    option: (name: string) => `[ "]--${name}[= "]`,
  },
  zsh: { command: (name: string) => `    '${name}')\n`, option: (name: string) => `--${name}[=[]` },
  fish: {
    command: (name: string) => `__mellamo_at \\'${name}\\'' `,
    option: (name: string) => `-l ${name} `,
  },
} as const;

test.concurrent.each([...SHELLS])("each command and each option is in the script of %s", async (shell) => {
  const written = WRITTEN[shell];
  const text = await Bun.file(here.script(shell)).text();
  for (const { name, options } of COMMANDS) {
    const [, ...about] = text.split(written.command(name));
    // as far as that goes: a case of bash is a line, one of zsh ends with two semicolons
    const said =
      shell === "fish" ? about.map((one) => one.split("\n")[0]).join("\n") : about[0]?.split(";;")[0];
    for (const option of [...options.map((one) => one.name), "help"])
      expect(said).toMatch(new RegExp(written.option(option)));
    for (const word of name.split(" ")) expect(text).toContain(word);
  }
});

async function expectNoMistake(shell: Shell, flag: string): Promise<void> {
  const child = Bun.spawn([shell, flag, here.script(shell)], { stdout: "pipe", stderr: "pipe" });
  expect([await child.stdout.text(), await child.stderr.text(), await child.exited]).toEqual(["", "", 0]);
}

test("another shell is refused with one line", async () => {
  expect(await command(["completions", "tcsh"])).toEqual({
    status: 2,
    out: "",
    err: 'mellamo completions: expected bash, zsh or fish, got "tcsh"\n',
  });
});

const FIRSTS = [...new Set(COMMANDS.map(({ name }) => name.split(" ")[0] ?? ""))];

function optionsOf(name: string): string[] {
  return [
    ...(COMMANDS.find((one) => one.name === name)?.options ?? []).map((one) => `--${one.name}`),
    "--help",
  ];
}

describe.skipIf(Bun.which("bash") === null)("bash", () => {
  test("has nothing to say against its script", () => expectNoMistake("bash", "-n"));

  test.concurrent.each<[words: string[], offered: readonly string[]]>([
    [[""], FIRSTS],
    [["al"], ["alias"]],
    [
      ["alias", ""],
      ["set", "rm", "show"],
    ],
    [["alias", "r"], ["rm"]],
    [
      ["backend", ""],
      ["drain", "resume"],
    ],
    [["alias", "rm", "-"], optionsOf("alias rm")],
    [["--"], [...optionsOf("serve"), "--version"]],
    [["--config", "x", ""], []],
    [["alias", "--json", ""], []],
    [["check", "--sho"], ["--show"]],
    [
      ["check", "--config", "here"],
      ["here.toml", "here too.toml"],
    ],
    [["check", "--config=here."], ["here.toml"]],
    [
      ["--level", ""],
      ["debug", "info", "warn", "error"],
    ],
    [
      ["serve", "--level="],
      ["debug", "info", "warn", "error"],
    ],
    [["serve", "--level=w"], ["warn"]],
    [["completions", ""], SHELLS],
    [["completions", "fish", ""], []],
    [["alias", "rm", ""], ["stored"]],
    [
      ["alias", "show", ""],
      ["claude-\\*", "filed", "stored"],
    ],
    [
      ["backend", "drain", "--for", "2h", ""],
      ["attic", "box"],
    ],
    [["load", "--backend", "b"], ["box"]],
    [["load", "--backend=b"], ["box"]],
    [
      ["resolve", "qw"],
      ["qwen3:32b", "qwen3:4b"],
    ],
    // bash puts these where the colon left off
    [
      ["resolve", "qwen3:"],
      ["32b", "4b"],
    ],
    [["resolve", "qwen3:3"], ["32b"]],
    [["resolve", "qwen3:4b", ""], []],
    [
      ["alias", "set", "qwen3:4b", "qwen3:"],
      ["32b", "4b"],
    ],
    [["nonsense", ""], []],
  ])("%j: %j", async (words, offered) => {
    const found = await here.bash("mellamo", ...words);
    expect(found.toSorted()).toEqual([...offered].sort());
  });

  test.concurrent("a name that would run something is quoted, and has run nothing", async () => {
    const [found = "", ...others] = await here.bash("mellamo", "resolve", "evil");
    expect(others).toEqual([]);
    const child = Bun.spawn(["bash", "-c", `printf %s ${found}`], { stdout: "pipe", cwd: here.folder.path });
    expect(await child.stdout.text()).toBe(HOSTILE);
    expect(await Bun.file(here.folder.at("pwned")).exists()).toBe(false);
  });

  test.concurrent("without a router there are no names, and not a word about it", async () => {
    expect(await nobody.bash("mellamo", "resolve", "")).toEqual([]);
    const asked = await command(["completions", "names"], { env: { MELLAMO_HOST: NOBODY } });
    expect(asked).toEqual({ status: 1, out: "", err: "" });
  });
});

describe.skipIf(Bun.which("fish") === null)("fish", () => {
  test("has nothing to say against its script", () => expectNoMistake("fish", "--no-execute"));

  test.concurrent.each<[line: string, offered: readonly string[]]>([
    ["mellamo ", FIRSTS],
    ["mellamo alias ", ["set", "rm", "show"]],
    ["mellamo alias rm --", optionsOf("alias rm")],
    ["mellamo --", [...optionsOf("serve"), "--version"]],
    ["mellamo --config x ", []],
    ["mellamo check --config here", ["here.toml", "here too.toml"]],
    ["mellamo --level ", ["debug", "info", "warn", "error"]],
    ["mellamo completions ", SHELLS],
    ["mellamo alias rm ", ["stored"]],
    ["mellamo alias show ", ["claude-*", "filed", "stored"]],
    ["mellamo backend resume ", ["attic", "box"]],
    ["mellamo load --backend b", ["box"]],
    ["mellamo resolve qwen3:", ["qwen3:32b", "qwen3:4b"]],
    ["mellamo ls ", []],
  ])("%s: %j", async (line, offered) => {
    expect((await here.fish(line)).toSorted()).toEqual([...offered].sort());
  });

  test.concurrent("without a router there are no names, and not a word about it", async () => {
    expect(await nobody.fish("mellamo resolve ")).toEqual([]);
  });
});

describe.skipIf(Bun.which("zsh") === null)("zsh", () => {
  test("has nothing to say against its script", () => expectNoMistake("zsh", "-n"));

  test.each<[line: string, called: readonly string[]]>([
    ["mellamo sta", ["status"]],
    ["mellamo alias sh", ["alias", "show"]],
    ["mellamo alias rm ", ["alias", "rm", "stored"]],
    ["mellamo alias rm --js", ["alias", "rm", "--json"]],
    ["mellamo check --config 'here t", ["check", "--config", "here too.toml"]],
    ["mellamo --level=w", ["--level=warn"]],
    ["mellamo load --backend=b", ["load", "--backend=box"]],
    ["mellamo resolve qwen3:3", ["resolve", "qwen3:32b"]],
    ["mellamo resolve ev", ["resolve", HOSTILE]],
  ])("%s and a Tab", async (line, called) => {
    expect(await here.zsh(line)).toEqual([...called]);
    expect(await Bun.file(here.folder.at("pwned")).exists()).toBe(false);
  });
});
