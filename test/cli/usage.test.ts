/** The command line explains itself, and refuses in one clear line what it does not understand. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { version } from "../../package.json";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const COMMANDS = [
  "serve",
  "init",
  "check",
  "doctor",
  "alias",
  "alias set",
  "alias rm",
  "alias show",
  "resolve",
  "ls",
  "ps",
  "status",
  "service install",
  "service uninstall",
  "service status",
  "health",
  "demo",
];

test.concurrent.each(["--version", "-v", "version"])("%s prints the version", async (argument) => {
  const { status, out, err } = await command([argument]);
  expect([out.startsWith(`mellamo ${version}`), out.split("\n").length, err, status]).toEqual([
    true,
    2,
    "",
    0,
  ]);
});

test.concurrent.each(["--help", "-h", "help"])(
  "%s lists every command, and where the configuration is",
  async (argument) => {
    const { status, out, err } = await command([argument]);
    for (const name of COMMANDS)
      expect(out).toMatch(new RegExp(`^  ${name}( NAME)?( TARGET…)? {2,}\\w`, "m"));
    const places = [
      "--config",
      "$MELLAMO_CONFIG",
      "./config.toml",
      "~/.config/mellamo/config.toml",
      "/etc/mellamo/config.toml",
    ];
    for (const place of places) expect(out).toContain(place);
    expect(out).toContain("served on 127.0.0.1:11435");
    expect([err, status]).toEqual(["", 0]);
  },
);

const CONFIG = "--config FILE";
const SERVER = "--server HOST:PORT";
const BACKENDS = "--backend NAME";
const GIVEN = [
  "--listen HOST:PORT",
  "--proxy MODEL=URL",
  "--proxies MODEL=URL,…",
  "--connection ID=URL",
  "--connections ID=URL,…",
  "--alias NAME=MODEL",
  "--aliases NAME=MODEL,…",
  "--list-aliases",
  "--level LEVEL",
];
const PARAMETERS = [
  "--option NAME=VALUE",
  "--keep-alive DURATION",
  "--force NAME=VALUE",
  "--force-keep-alive DURATION",
];

test.concurrent.each([
  ["serve", [CONFIG, ...GIVEN]],
  ["init", [CONFIG, "--backend URL", "--print"]],
  ["check", [CONFIG, "--live", "--show", ...GIVEN]],
  ["doctor", [CONFIG, "--json"]],
  ["alias", [CONFIG, SERVER, "--json"]],
  [
    "alias set",
    [
      ...["--prefix", "--order", "--backend NAME", "--unlisted", "--no-echo"],
      ...PARAMETERS,
      ...[CONFIG, SERVER, "--json"],
    ],
  ],
  ["alias rm", [CONFIG, SERVER, "--json"]],
  ["alias show", [CONFIG, SERVER, "--json"]],
  ["status", [CONFIG, SERVER, "--json"]],
  ["resolve", ["--path PATH", CONFIG, SERVER, "--json"]],
  ["ls", [CONFIG, SERVER, "--json"]],
  ["ps", [CONFIG, SERVER, "--json"]],
  ["pull", [BACKENDS, CONFIG, SERVER]],
  ["load", [BACKENDS, CONFIG, SERVER]],
  ["unload", [BACKENDS, CONFIG, SERVER]],
  ["service install", ["--print"]],
  ["service uninstall", ["--print"]],
  ["service status", ["--json"]],
  ["demo", ["--once"]],
  ["completions", []],
])("%s --help shows how it is called and does nothing else", async (name, options) => {
  const { status, out, err } = await command([...name.split(" "), "--help"]);
  expect(out).toStartWith(`Usage: mellamo ${name} `);
  const rows = out.split("\n").filter((line) => line.startsWith("  --"));
  // each with a few words behind it
  expect(rows.map((row) => /^ {2}(--.+?) {2,}\w+ \w+/.exec(row)?.[1])).toEqual([...options, "--help"]);
  expect([err, status]).toEqual(["", 0]);
});

test.concurrent("help wins over missing operands and whatever else was asked", async () => {
  const { status, out } = await command(["resolve", "--json", "--help"]);
  expect([out.split("\n")[0], status]).toEqual(["Usage: mellamo resolve NAME [OPTIONS]", 0]);
});

test.concurrent.each<[string[], string, string]>([
  [["chekc"], 'mellamo: unknown command "chekc", did you mean "check"?', "mellamo --help"],
  [["srve"], 'mellamo: unknown command "srve", did you mean "serve"?', "mellamo --help"],
  [["LS"], 'mellamo: unknown command "LS", did you mean "ls"?', "mellamo --help"],
  [["push"], 'mellamo: unknown command "push"', "mellamo --help"],
  [["config.toml"], 'mellamo: unknown command "config.toml"', "mellamo --help"],
  [
    ["--confg", "x"],
    `mellamo serve: Unknown option '--confg', did you mean "--config"?`,
    "mellamo serve --help",
  ],
  [["check", "--colour"], "mellamo check: Unknown option '--colour'", "mellamo check --help"],
  [["check", "-c", "x"], "mellamo check: Unknown option '-c'", "mellamo check --help"],
  [["serve", "--server", "x"], "mellamo serve: Unknown option '--server'", "mellamo serve --help"],
  [
    ["check", "--config"],
    "mellamo check: Option '--config <value>' argument missing",
    "mellamo check --help",
  ],
  [
    ["check", "--live=no"],
    "mellamo check: Option '--live' does not take an argument",
    "mellamo check --help",
  ],
  [["serve", "x.toml"], "mellamo serve: expected no arguments, got x.toml", "mellamo serve --help"],
  [["check", "a", "b"], "mellamo check: expected no arguments, got a b", "mellamo check --help"],
  [["ls", "--", "--json"], "mellamo ls: expected no arguments, got --json", "mellamo ls --help"],
  [
    ["service"],
    'mellamo: expected "service install" or "service uninstall" or "service status"',
    "mellamo --help",
  ],
  [["aliases"], 'mellamo: unknown command "aliases", did you mean "alias"?', "mellamo --help"],
  [["resolve"], "mellamo resolve: expected NAME, got none", "mellamo resolve --help"],
  [["resolve", "a", "b"], "mellamo resolve: expected NAME, got a b", "mellamo resolve --help"],
])("%j is refused with one line and the way to help", async (args, line, help) => {
  expect(await command(args)).toEqual({ status: 2, out: "", err: `${line}\nSee: ${help}\n` });
});
