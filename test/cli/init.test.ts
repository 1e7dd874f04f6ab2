/** `mellamo init` writes a configuration from what it finds running, and never over another. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";

import { rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { command, mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";
import { among, CAN_SEPARATE } from "../support/own-network.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** What is said of the usual ports of this machine is left out: somebody may work on it. */
function said(text: string): string[] {
  return text
    .split("\n")
    .filter(
      (line) =>
        line !== "" &&
        !/(at|found no engine .*) http:\/\/127.0.0.1:(8080|1234|11434|8000|30000)\b/.test(line),
    );
}

test.concurrent("what it writes passes the check, and the router serves it", async () => {
  await using gpu = await rawBackend(["llama3.1:8b", "qwen3:4b"], noSuchPath, "ollama");
  await using other = await rawBackend(["org/Model"], noSuchPath);
  await using folder = await folderOf();
  const file = folder.at("my config.toml");
  const place = { cwd: folder.path };
  const wrote = await command(
    ["init", "--config", "my config.toml", "--backend", gpu.url, "--backend", `${other.url}/`],
    place,
  );
  expect(wrote).toMatchObject({
    status: 0,
    out: "wrote my config.toml\nNext:\n  mellamo check --live --config 'my config.toml'\n  mellamo --config 'my config.toml'\n",
  });
  expect(said(wrote.err)).toEqual([
    `found Ollama 0.33.0 at ${gpu.url} (models: 2)`,
    `found OpenAI-compatible at ${other.url} (models: 1)`,
  ]);
  const text = await readFile(file, "utf8");
  expect(text).toContain(
    `# Ollama 0.33.0 at ${gpu.url} (models: 2)\n#   "llama3.1:8b"\n#   "qwen3:4b"\n[[backend]]\nname = "ollama"\nurl = "${gpu.url}"\nengine = "ollama"\n`,
  );
  expect(text).toContain(`name = "openai"\nurl = "${other.url}"\nengine = "openai"\n`);
  expect(text).toContain('\nmy-model = "llama3.1:8b"\n');
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  expect(await command(["check", "--live", "--config", file], place)).toMatchObject({ status: 0, err: "" });
  await using router = await mellamo(text.replace(/^listen = .*$/m, ""));
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain("my-model");
});

test.concurrent("a file that is there is never written, whatever it is, and stays as it is", async () => {
  await using folder = await folderOf({ "config.toml": "# mine\n" });
  await mkdir(folder.at("folder"));
  await symlink("config.toml", folder.at("link.toml"));
  for (const name of ["config.toml", "folder", "link.toml"]) {
    expect(await command(["init", "--config", name], { cwd: folder.path })).toEqual({
      status: 1,
      out: "",
      err: `"${name}" is there already, and stays as it is: edit it. Write it elsewhere with --config FILE, or look at it with --print\n`,
    });
  }
  // nor is one put where the router would read it in the place of the one that it reads now
  const env = { XDG_CONFIG_HOME: folder.at("xdg") };
  const { status, out, err } = await command(["init"], { cwd: folder.path, env });
  expect([status, out]).toEqual([1, ""]);
  expect(err).toStartWith(
    '"config.toml" is there already, and stays as it is: edit it, or call this in another folder. ',
  );
  expect((await readdir(folder.path)).toSorted()).toEqual(["config.toml", "folder", "link.toml"]);
  expect(await readFile(folder.at("config.toml"), "utf8")).toBe("# mine\n");
});

test.concurrent(
  "without --config it is the user's own, in folders that are made for it, and found from anywhere",
  async () => {
    await using folder = await folderOf();
    const env = { XDG_CONFIG_HOME: folder.at("new/xdg") };
    const file = folder.at("new/xdg/mellamo/config.toml");
    const { status, out } = await command(["init"], { cwd: folder.path, env });
    expect([status, out]).toEqual([0, `wrote ${file}\nNext:\n  mellamo check --live\n  mellamo\n`]);
    expect((await command(["check"], { cwd: "/", env })).out).toStartWith(`${file}: ok (`);
    expect(await readdir(folder.at("new/xdg/mellamo"))).toEqual(["config.toml"]);
  },
);

test.concurrent(
  "$MELLAMO_CONFIG says where, too, and a link that leads to nothing yet leads to the file",
  async () => {
    await using folder = await folderOf();
    await symlink("real.toml", folder.at("link.toml"));
    const env = { MELLAMO_CONFIG: folder.at("link.toml") };
    expect(await command(["init"], { cwd: folder.path, env })).toMatchObject({ status: 0 });
    expect((await readdir(folder.path)).toSorted()).toEqual(["link.toml", "real.toml"]);
    expect((await stat(folder.at("real.toml"))).isFile()).toBe(true);
  },
);

test.concurrent("--print writes nothing, also where a file is already", async () => {
  await using folder = await folderOf({ "config.toml": "# mine\n" });
  const { status, out } = await command(["init", "--print"], { cwd: folder.path });
  expect([status, out.split("\n")[0]]).toEqual([0, expect.stringContaining("as `mellamo init` wrote it")]);
  expect(await readFile(folder.at("config.toml"), "utf8")).toBe("# mine\n");
});

test.concurrent("a backend that does not answer is written all the same, and told", async () => {
  await using folder = await folderOf();
  const { status, err } = await command(["init", "--config", "c.toml", "--backend", NOBODY], {
    cwd: folder.path,
  });
  expect([status, said(err)]).toEqual([
    0,
    [`warning: ${NOBODY}: connection refused (it is written all the same)`],
  ]);
  const text = await readFile(folder.at("c.toml"), "utf8");
  expect(text).toContain(
    `# ${NOBODY}, when this was written: connection refused\n[[backend]]\nname = "local"\n`,
  );
  expect(await command(["check", "--config", "c.toml"], { cwd: folder.path })).toMatchObject({ status: 0 });
});

test.concurrent("a backend that wants a key gets a place for it, without the key in the file", async () => {
  await using closed = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response("no", { status: 401 }),
  });
  const { out } = await command(["init", "--print", "--backend", closed.url.origin]);
  expect(out).toContain('\n#key = "${BACKEND_KEY:-}"\n');
});

test.concurrent("a URL that is none is refused before anything is done", async () => {
  await using folder = await folderOf();
  const refused = await command(["init", "--config", "c.toml", "--backend", "gpu"], { cwd: folder.path });
  expect(refused).toEqual({
    status: 2,
    out: "",
    err: "mellamo init: --backend: expected a URL: put http:// or https:// in front\n",
  });
  expect(await readdir(folder.path)).toEqual([]);
});

test.concurrent.skipIf(process.getuid?.() === 0)(
  "a folder that may not be written is told, with the remedy",
  async () => {
    await using folder = await folderOf();
    await chmod(folder.path, 0o500);
    const { status, err } = await command(["init", "--config", folder.at("c.toml")]);
    expect(status).toBe(1);
    expect(err).toContain(`Cannot write "${folder.at("c.toml")}": permission denied. Write it elsewhere`);
    await chmod(folder.path, 0o700);
  },
);

test.concurrent("a path through a file is told, with the remedy", async () => {
  await using folder = await folderOf({ file: "mine" });
  const { status, err } = await command(["init", "--config", folder.at("file/c.toml")]);
  expect([status, said(err).at(-1)]).toEqual([
    1,
    `Cannot write "${folder.at("file/c.toml")}": a part of its path is no folder. Write it elsewhere with --config FILE, or look at it with --print`,
  ]);
});

test.skipIf(!CAN_SEPARATE)(
  "it finds engines on the usual ports, and leaves out a mellamo and what is none",
  async () => {
    const through = among(
      { port: 11_434, kind: "ollama", models: ["tiny"] },
      { port: 8000, kind: "openai", models: ["org/Big"] },
      { port: 1234, kind: "openai", models: ["m"], headers: { via: "1.1 mellamo-01234567" } },
      { port: 8080, kind: "ollama", models: [], headers: { location: "/elsewhere" } },
      { port: 30_000, kind: "none", models: [] },
    );
    const { status, out, err } = await command(["init", "--print", "--backend", "http://localhost:8000"], {
      through,
    });
    expect(status).toBe(0);
    expect(err.split("\n")).toEqual([
      "found Ollama 0.33.0 at http://127.0.0.1:8080 (models: 0)",
      "found a mellamo at http://127.0.0.1:1234, which is left out",
      "found Ollama 0.33.0 at http://127.0.0.1:11434 (models: 1)",
      "found OpenAI-compatible at http://localhost:8000 (models: 1)",
      "",
    ]);
    expect(out.match(/^(name|url) = .*$/gm)).toEqual([
      'name = "ollama"',
      'url = "http://127.0.0.1:8080"',
      'name = "ollama-11434"',
      'url = "http://127.0.0.1:11434"',
      'name = "openai"',
      'url = "http://localhost:8000"',
    ]);
    expect(out).toContain('\nmy-model = "tiny"\n');
  },
);

test.skipIf(!CAN_SEPARATE)("where nothing runs it says where it looked, and writes examples", async () => {
  const { status, out, err } = await command(["init", "--print"], { through: among() });
  const ports = [8080, 1234, 11_434, 8000, 30_000].map((port) => `http://127.0.0.1:${port}`);
  expect([status, err]).toEqual([0, `found no engine (looked at ${ports.join(", ")})\n`]);
  for (const port of ports) expect(out).toContain(`#   ${port}\n`);
  expect(out).toContain("\n#[[backend]]\n");
  expect(out).toContain('\n#my-model = "llama3.1:8b"\n');
});
