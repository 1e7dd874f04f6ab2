/** `mellamo ls` lists the names that can be asked for, `mellamo ps` the backends and what they have in memory. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { folderOf } from "../support/folder.ts";
import { cleanEnv, command, mellamo, PROGRAM } from "../support/mellamo.ts";
import { noSuchPath, smallFleet } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** The cells of each row: columns are parted by two blanks or more. */
function cells(table: string): string[][] {
  return table
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/ {2,}/));
}

test("ls lists aliases with what they stand for, and models with the backends that have them", async () => {
  await using fleet = await smallFleet();
  const { status, out, err } = await command(["ls", "--server", fleet.address]);
  expect(cells(out)).toEqual([
    ["NAME", "STANDS FOR", "BACKENDS"],
    ["my-llama", "llama3:8b, org/Llama-3 on cellar", "attic, cellar"],
    ["gpt-*", "my-llama"],
    ["hidden", "both", "attic, cellar"],
    ["lost", "nobody"],
    ["llama3:8b", "attic"],
    ["both", "attic, cellar"],
    ["org/Llama-3", "cellar"],
  ]);
  expect([err, status]).toEqual(["", 0]);

  const json = await command(["ls", "--json", "--server", fleet.address]);
  expect(JSON.parse(json.out)).toEqual([
    { name: "my-llama", stands_for: ["llama3:8b", "org/Llama-3 on cellar"], backends: ["attic", "cellar"] },
    { name: "gpt-*", stands_for: ["my-llama"], backends: [] },
    { name: "hidden", stands_for: ["both"], backends: ["attic", "cellar"] },
    { name: "lost", stands_for: ["nobody"], backends: [] },
    { name: "llama3:8b", stands_for: [], backends: ["attic"] },
    { name: "both", stands_for: [], backends: ["attic", "cellar"] },
    { name: "org/Llama-3", stands_for: [], backends: ["cellar"] },
  ]);
  expect([json.err, json.status]).toEqual(["", 0]);
});

test("the columns of a table begin under their headings", async () => {
  await using fleet = await smallFleet();
  const { out } = await command(["ls", "--server", fleet.address]);
  const [heading = "", ...rows] = out.trimEnd().split("\n");
  const column = heading.indexOf("BACKENDS");
  const row = rows.find((line) => line.startsWith("both")) ?? "";
  expect([row.slice(column - 2, column), row.slice(column)]).toEqual(["  ", "attic, cellar"]);
});

test("ps lists every backend with its engine, its state and its models in memory", async () => {
  await using fleet = await smallFleet();
  const { attic, cellar, shed } = fleet.urls;
  const { status, out, err } = await command(["ps", "--server", fleet.address]);
  expect(cells(out)).toEqual([
    ["BACKEND", "ENGINE", "URL", "STATE", "IN FLIGHT", "LOADED"],
    ["attic", "ollama", attic, "up", "0"],
    ["cellar", "openai", cellar, "up", "0", "org/Llama-3, both"],
    ["shed", "?", shed, "down: connection refused", "0"],
  ]);
  expect([err, status]).toEqual(["", 0]);

  const json = await command(["ps", "--json", "--server", fleet.address]);
  expect(JSON.parse(json.out)).toMatchObject([
    { name: "attic", engine: "ollama", url: attic, up: true, trouble: null, inflight: 0 },
    {
      name: "cellar",
      models: [
        { id: "org/Llama-3", loaded: true },
        { id: "both", loaded: true },
      ],
    },
    { name: "shed", engine: null, up: false, trouble: "connection refused", models: [] },
  ]);
  expect([json.err, json.status]).toEqual(["", 0]);
});

test("ps counts the requests that run, and ls keeps the names of a backend that went down", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using router = await mellamo(
    `[health]\nprobe_interval = "50ms"\n[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
  const address = `127.0.0.1:${router.port}`;
  const leave = new AbortController();
  const running = fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: '{"model":"m"}',
    signal: leave.signal,
  });
  await backend.talk(0);
  const { out } = await command(["ps", "--server", address]);
  expect(cells(out)[1]).toEqual(["b", "openai", backend.url, "up", "1", "m"]);
  leave.abort();
  await running.catch(() => {});

  await backend.stop();
  await router.log.until(/event="backend down"/);
  const down = await command(["ls", "--server", address]);
  expect(cells(down.out)[1]).toEqual(["m", "b (down)"]);
});

test("ls says so where there are no names", async () => {
  await using empty = await rawBackend([], noSuchPath);
  await using router = await mellamo(`[[backend]]\nurl = "${empty.url}"\nengine = "openai"\n`);
  const ls = await command(["ls", "--server", `127.0.0.1:${router.port}`]);
  expect(ls).toEqual({ status: 0, out: "No names yet: no backend has shown any models\n", err: "" });
});

test("ls leaves out models where they are pinned away from", async () => {
  await using a = await rawBackend(["m", "n"], noSuchPath);
  await using router = await mellamo(
    `[[backend]]\nname = "a"\nurl = "${a.url}"\n[[backend]]\nname = "b"\nurl = "http://127.0.0.1:9"\n[models]\nm = "b"\n`,
  );
  await router.log.until(/event="backend up" backend=a /);
  const { out } = await command(["ls", "--server", `127.0.0.1:${router.port}`]);
  expect(cells(out).map(([name]) => name)).toEqual(["NAME", "n"]);
});

test("what is asked without its variables answers all the same", async () => {
  await using fleet = await smallFleet();
  await using folder = await folderOf({
    "config.toml": `[server]\nlisten = "${fleet.address}"\n[[backend]]\nurl = "http://127.0.0.1:9"\nkey = "\${NOT_SET}"\n`,
  });
  const { out, err } = await command(["ls"], { cwd: folder.path });
  expect([out.includes("my-llama"), err]).toEqual([true, ""]);
});

test.each([["ls"], ["--help"], ["demo", "--once"]])(
  "%s ends quietly when nobody reads on",
  async (...args) => {
    await using fleet = await smallFleet();
    const child = Bun.spawn(["sh", "-c", `${PROGRAM.join(" ")} ${args.join(" ")} | true`], {
      env: { ...cleanEnv(), MELLAMO_HOST: fleet.address },
      stderr: "pipe",
    });
    expect(await new Response(child.stderr).text()).toBe("");
    expect(await child.exited).toBe(0);
  },
);
