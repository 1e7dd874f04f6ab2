/** `mellamo check --live` asks the backends, and warns of what is not there now: the file is good all the same. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend, type Talk } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";
import { among, CAN_SEPARATE } from "../support/own-network.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

async function checkLive(toml: string): Promise<{ warnings: string[]; status: number }> {
  await using folder = await folderOf({ "config.toml": toml });
  const { status, out, err } = await command(["check", "--live"], { cwd: folder.path });
  expect(out).toStartWith("config.toml: ok (");
  return { warnings: err.split("\n").slice(0, -1), status };
}

/** What an engine says to paths it does not have. */
function noSuchPath(talk: Talk): Promise<void> {
  return talk.answer(404, "{}");
}

function backend(name: string, url: string, more = ""): string {
  return `[[backend]]\nname = "${name}"\nurl = "${url}"\n${more}\n`;
}

test.concurrent("where everything is there, there is no warning", async () => {
  await using a = await rawBackend(["llama3:8b"], noSuchPath, "ollama");
  await using b = await rawBackend(["org/Llama-3"], noSuchPath);
  const toml = `${backend("a", a.url)}${backend("b", b.url)}
    [aliases]
    one = "Llama3:8B"
    two = ["one", { model = "org/Llama-3", backend = "b" }]
    "three-*" = "two"
  `;
  expect(await checkLive(toml)).toEqual({ warnings: [], status: 0 });
});

test.concurrent(
  "an alias to a model that nobody has is told, with the model that was probably meant",
  async () => {
    await using a = await rawBackend(["qwen3:4b", "mixtral"], noSuchPath);
    const toml = `${backend("a", a.url)}
    [aliases]
    good = "qwen3:4b"
    fast = "qwen3:4bb"
    strange = "gemma"
    both = ["mixtrall", "mixtral"]
    chained = "fast"
  `;
    expect(await checkLive(toml)).toEqual({
      warnings: [
        'warning: alias "fast": no backend has "qwen3:4bb", did you mean "qwen3:4b"?',
        'warning: alias "strange": no backend has "gemma"',
        'warning: alias "both": no backend has "mixtrall", did you mean "mixtral"?',
        'warning: alias "chained": no backend has "qwen3:4bb", did you mean "qwen3:4b"?',
      ],
      status: 0,
    });
  },
);

test.concurrent("a model that its backend does not offer is one that nobody has", async () => {
  await using a = await rawBackend(["qwen3:4b", "secret"], noSuchPath);
  const toml = `${backend("a", a.url, 'exclude = ["sec*"]')}[aliases]\nx = "secret"\n`;
  expect(await checkLive(toml)).toEqual({
    warnings: ['warning: alias "x": no backend has "secret"'],
    status: 0,
  });
});

test.concurrent("every backend that is down is told, with the reason", async () => {
  await using silent = await rawBackend(["m"], noSuchPath);
  silent.list(undefined);
  await using gone = await rawBackend([], noSuchPath);
  await gone.stop();
  await using up = await rawBackend(["m"], noSuchPath);
  const toml = [
    backend("gone", gone.url),
    backend("silent", silent.url, 'engine = "openai"\nprobe_timeout = "200ms"'),
    backend("up", up.url),
  ].join("");
  expect(await checkLive(toml)).toEqual({
    warnings: [
      'warning: backend "gone" is down: connection refused',
      'warning: backend "silent" is down: no answer in time',
    ],
    status: 0,
  });
});

test.concurrent("the usual ports of this machine are no backends that could be down", async () => {
  const { warnings, status } = await checkLive("# nothing\n");
  expect(status).toBe(0);
  for (const line of warnings) expect(line).toStartWith("found ");
});

test.concurrent("without --live nobody is asked", async () => {
  let asked = 0;
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch() {
      asked++;
      return Response.json({ object: "list", data: [] });
    },
  });
  await using folder = await folderOf({
    "config.toml": `${backend("a", server.url.origin)}[aliases]\nx = "nobody"\n`,
  });
  expect(await command(["check"], { cwd: folder.path })).toMatchObject({ status: 0, err: "" });
  expect(asked).toBe(0);
  await command(["check", "--live"], { cwd: folder.path });
  expect(asked).toBeGreaterThan(0);
});

test.concurrent("targets of patterns are looked for, and what is missing is told once", async () => {
  await using a = await rawBackend(["qwen3:4b"], noSuchPath);
  const toml = `${backend("a", a.url)}
    [aliases]
    "claude-*" = ["my-lama", "my-lama", "qwen3:4b"]
    "openai/*" = "*"
    my-llama = "qwen3:4b"
  `;
  const { warnings } = await checkLive(toml);
  expect(warnings).toEqual(['warning: alias "claude-*": no backend has "my-lama"']);
});

test.concurrent("a model that is not where it is pinned is told, with where it is", async () => {
  await using a = await rawBackend(["m", "n"], noSuchPath);
  await using b = await rawBackend([], noSuchPath);
  await using off = await rawBackend([], noSuchPath);
  await off.stop();
  const toml = `${backend("a", a.url)}${backend("b", b.url)}${backend("off", off.url)}
    [models]
    m = "b"
    typo = "b"
    unknown = "off"
    [aliases]
    x = { targets = [{ model = "n", backend = "b" }, { model = "n", backend = "off" }] }
  `;
  const { warnings } = await checkLive(toml);
  expect(warnings).toEqual([
    'warning: backend "off" is down: connection refused',
    'warning: alias "x": b does not have "n" (a has)',
    'warning: pin of "m": b does not have "m" (a has)',
    'warning: pin of "typo": b does not have "typo"',
  ]);
});

test.concurrent("targets of patterns on a named backend are looked for there", async () => {
  await using a = await rawBackend(["qwen3:4b"], noSuchPath);
  await using b = await rawBackend(["other"], noSuchPath);
  const toml = `${backend("a", a.url)}${backend("b", b.url)}
    [aliases]
    "claude-*" = [{ model = "qwen3:4b", backend = "b" }]
  `;
  const { warnings } = await checkLive(toml);
  expect(warnings).toEqual(['warning: alias "claude-*": b does not have "qwen3:4b" (a has)']);
});

test.skipIf(!CAN_SEPARATE)(
  "where nothing is configured and nothing runs, it says where it looked",
  async () => {
    const { status, err } = await command(["check", "--live"], { through: among() });
    expect([status, err]).toEqual([
      0,
      `found no engine (looked at ${[8080, 1234, 11_434, 8000, 30_000].map((port) => `http://127.0.0.1:${port}`).join(", ")})\n`,
    ]);
  },
);
