/** `mellamo check` tells of wrong models and parameters, and with `--live` warns of those that are nowhere. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { command, type Result } from "../support/mellamo.ts";
import { tellingOllama } from "../support/only-stage.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

function check(folder: Folder, ...args: string[]): Promise<Result> {
  return command(["check", "--config", "config.toml", ...args], {
    cwd: folder.path,
    env: { STATE_DIRECTORY: folder.path },
  });
}

test("every mistake is a line with its place, and it ends with 1", async () => {
  await using folder = await folderOf({
    "config.toml": `[defaults]
options = { num_ctx = "8k", temprature = 0 }
[models]
m = {}
n = "gpx"
[[backend]]
name = "gpu"
url = "${NOBODY}"
preload = "m"
keep_alive = "soon"
`,
  });
  const { status, out, err } = await check(folder);
  expect([status, out, ...err.trimEnd().split("\n")]).toEqual([
    1,
    "",
    'config.toml:2:13: defaults.options.num_ctx: expected a whole number from 1 on, got "8k"',
    'config.toml:2:29: defaults.options.temprature: unknown option, did you mean "temperature"?',
    "config.toml:4:1: models.m: expected a backend, or parameters of the model",
    'config.toml:5:1: models.n: no backend is called "gpx", did you mean "gpu"?',
    'config.toml:9:1: backend.0.preload: expected a list of names, got "m"',
    'config.toml:10:1: backend.0.keep_alive: expected a duration such as "30m", a number of seconds, or -1 for ever',
  ]);
});

test("with --live a preload, a pin and an alias that lead nowhere are warnings, and it ends with 0", async () => {
  await using ollama = await tellingOllama("gpu", ["here:latest", "hidden:latest"]);
  await using folder = await folderOf({
    "config.toml": `${backendTable("gpu", ollama.url, 'engine = "ollama"\npreload = ["here", "nowhere", "fast", "lost", "hidden"]')}
${backendTable("shed", NOBODY, 'preload = ["whatever"]')}
[listing]
only = "configured"
[models]
pinned = "gpu"
here = { keep_alive = "1h" }
away = "shed"
"missing:1b" = { options = { temperature = 0 } }
[aliases]
fast = "hidden"
lost = "nobody"
`,
  });
  const { status, out, err } = await check(folder, "--live");
  expect([status, out, ...err.trimEnd().split("\n")]).toEqual([
    0,
    "config.toml: ok (backends: 2, aliases: 2, pins: 2)\n",
    'warning: backend "shed" is down: connection refused',
    'warning: alias "lost": no backend that is up has "nobody"',
    'warning: pin of "pinned": gpu does not have "pinned"',
    'warning: model "missing:1b": no backend that is up has "missing:1b"',
    'warning: backend "gpu": preload of "nowhere": it has no such model',
    'warning: backend "gpu": preload of "lost": it has no such model',
    'warning: model "here": clients of /v1 do not get keep_alive',
  ]);
});
