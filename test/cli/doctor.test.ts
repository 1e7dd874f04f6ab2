/** `mellamo doctor` finds what is wrong, and has a remedy for each fault. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { doctor } from "../support/diagnosis.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { command, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { among, CAN_SEPARATE } from "../support/own-network.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const FREE = '[server]\nlisten = "127.0.0.1:0"\n';

function at(folder: Folder): { cwd: string; env: Record<string, string> } {
  return { cwd: folder.path, env: { STATE_DIRECTORY: folder.path } };
}

test.concurrent("where everything is well it says so, line by line, and ends with 0", async () => {
  await using gpu = await rawBackend(["m", "n"], noSuchPath, "ollama");
  await using folder = await folderOf({
    "config.toml": `${FREE}${backendTable("gpu", gpu.url)}[models]\nn = "gpu"\n[aliases]\nx = "m"\n"y-*" = "x"\n`,
    "server.json": storeText({ alias: "stored", target: "n" }),
  });
  const { status, out, err } = await command(["doctor"], at(folder));
  const lines = [
    "ok     configuration: config.toml (backends: 1, aliases: 2)",
    "ok     listen address: 127.0.0.1:0 is free: no mellamo runs there",
    `ok     alias store: ${folder.at("server.json")} (aliases: 1)`,
    ...(process.platform === "linux"
      ? [expect.stringMatching(/^ok {5}open files: (\d+|unlimited) at most for what this user starts$/)]
      : []),
    `ok     backend gpu: Ollama 0.33.0 at ${gpu.url} (models: 2)`,
    "ok     aliases: all lead to models (of the file: 2, stored: 1)",
    "",
    "faults: 0, warnings: 0",
    "",
  ];
  expect([out.split("\n"), err, status]).toEqual([lines, "", 0]);
  const { findings } = await doctor(at(folder));
  expect(findings.map(({ state }) => state)).toEqual(findings.map(() => "ok"));
});

test.concurrent("a fault has its remedy below it, and it ends with 1", async () => {
  await using folder = await folderOf({ "config.toml": `${FREE}${NO_ENGINE}` });
  const { status, out } = await command(["doctor"], at(folder));
  expect(out).toContain(
    "\nfault  backend 127.0.0.1:9: http://127.0.0.1:9: connection refused\n       -> start the engine; if it runs, does it listen on port 9?\n",
  );
  expect([out.split("\n").at(-2), status]).toEqual(["faults: 1, warnings: 0", 1]);
});

test.concurrent("what is only worth a warning is no fault", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  await using folder = await folderOf({
    "config.toml": `${FREE}${backendTable("gpu", gpu.url, 'preload = ["gone"]')}[models]\nother = "gpu"\n[aliases]\nx = ["m", "other"]\n`,
  });
  const { status, wrong } = await doctor(at(folder));
  expect(wrong).toEqual([
    {
      what: 'alias "x"',
      state: "warn",
      text: 'gpu does not have "other"',
      remedy: "let it stand for a model that there is, at config.toml:10",
    },
    { what: "models", state: "warn", text: 'pin of "other": gpu does not have "other"' },
    { what: "models", state: "warn", text: 'backend "gpu": preload of "gone": it has no such model' },
  ]);
  expect(status).toBe(0);
});

test.concurrent(
  "every mistake of the configuration is a fault with its place; the rest is not guessed",
  async () => {
    await using folder = await folderOf({
      "config.toml": `${FREE}colour = 1\n[[backend]]\nurl = "\${WHERE_IT_IS}"\n`,
    });
    const { status, findings } = await doctor(at(folder));
    const mistakes = findings.filter(({ what }) => what === "configuration");
    expect(mistakes).toEqual([
      {
        what: "configuration",
        state: "fault",
        text: "config.toml:3:1: server.colour: unknown key",
        remedy: "correct line 3; the config.toml that comes with mellamo explains every key",
      },
      {
        what: "configuration",
        state: "fault",
        text: "config.toml:5:1: backend.0.url: environment variable WHERE_IT_IS is not set",
        remedy: "set WHERE_IT_IS where mellamo is started, or write ${WHERE_IT_IS:-…} for a default",
      },
    ]);
    expect(findings.filter(({ what }) => /^(backend|alias)/.test(what))).toEqual([
      {
        what: "backends, aliases",
        state: "warn",
        text: "not looked at until the configuration is right",
      },
    ]);
    expect(status).toBe(1);
  },
);

test.concurrent("of a hundred mistakes ten are told, and how many there are beside them", async () => {
  await using folder = await folderOf({
    "config.toml": `[server]\n${Array.from({ length: 100 }, (_, key) => `k${key} = 1\n`).join("")}`,
  });
  const { findings } = await doctor(at(folder));
  expect(findings.filter(({ what }) => what === "configuration")).toHaveLength(11);
  expect(findings[10]).toMatchObject({
    state: "fault",
    text: "90 more",
    remedy: "all of them: mellamo check",
  });
});

test.concurrent("a configuration that is not there is a fault, with the way to get one", async () => {
  await using folder = await folderOf();
  const { status, about } = await doctor(at(folder), "--config", folder.at("nope.toml"));
  expect([status, about("configuration")]).toEqual([
    1,
    {
      what: "configuration",
      state: "fault",
      text: `Cannot read configuration "${folder.at("nope.toml")}": no such file`,
      remedy: "look at the spelling, or have one written: mellamo init --config FILE",
    },
  ]);
});

test.concurrent("a variable that is wrong is a fault", async () => {
  await using folder = await folderOf({ "config.toml": NO_ENGINE });
  const env = { ...at(folder).env, GOLLAMAS_LEVEL: "loud" };
  const { about } = await doctor({ cwd: folder.path, env });
  expect(about("configuration")).toMatchObject({
    state: "fault",
    text: expect.stringContaining("GOLLAMAS_LEVEL: expected"),
    remedy: "set the variable to what is expected, or unset it",
  });
});

test.concurrent(
  "aliases that lead nowhere are faults where all backends are up, and else warnings",
  async () => {
    await using gpu = await rawBackend(["qwen3:4b", "m"], noSuchPath);
    await using folder = await folderOf({
      "config.toml": `${FREE}${backendTable("gpu", gpu.url)}[aliases]\nfast = "qwen3:4bb"\nx = "m"\n`,
      "server.json": storeText(
        { alias: "lost", target: "nobody" },
        { alias: "m", target: "qwen3:4b" },
        { alias: "x", target: "m" },
      ),
    });
    const all = await doctor(at(folder));
    expect(all.status).toBe(1);
    expect(all.wrong).toEqual([
      {
        what: 'alias "fast"',
        state: "fault",
        text: 'no backend has "qwen3:4bb", did you mean "qwen3:4b"?',
        remedy: "let it stand for a model that there is, at config.toml:8",
      },
      {
        what: 'stored alias "lost"',
        state: "fault",
        text: 'no backend has "nobody"',
        remedy:
          "let it stand for a model that there is: mellamo alias set lost MODEL; or: mellamo alias rm lost",
      },
      {
        what: 'stored alias "m"',
        state: "warn",
        text: "shadowed by a model of that name",
        remedy: "set it by another name: the model goes before it",
      },
      {
        what: 'stored alias "x"',
        state: "warn",
        text: "shadowed by the configuration file",
        remedy: "take the alias of that name out of the file, if this one is meant",
      },
    ]);
    await Bun.write(
      folder.at("config.toml"),
      `${await Bun.file(folder.at("config.toml")).text()}${NO_ENGINE}`,
    );
    const some = await doctor(at(folder));
    expect(some.about('alias "fast"')).toMatchObject({
      state: "warn",
      remedy: "first start backend 127.0.0.1:9, which may have it",
    });
    await gpu.stop();
    const none = await doctor(at(folder));
    expect(none.wrong.filter(({ what }) => what.includes("fast"))).toEqual([]);
  },
);

test.concurrent(
  "while a backend is down no alias is to be changed for it, and one that works is not told",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath);
    await using folder = await folderOf({
      "config.toml": `${FREE}${backendTable("gpu", gpu.url)}${NO_ENGINE}[aliases]\nfast = "mistral:7b"\nx = ["mistral:7b", "m"]\nlead = "fast"\n`,
      "server.json": storeText({ alias: "kept", target: "mistral:7b" }),
    });
    const { wrong } = await doctor(at(folder));
    const text = 'no backend that is up has "mistral:7b"';
    const remedy = "first start backend 127.0.0.1:9, which may have it";
    expect(wrong.slice(1)).toEqual(
      ['alias "fast"', 'alias "lead"', 'stored alias "kept"'].map((what) => ({
        what,
        state: "warn" as const,
        text,
        remedy,
      })),
    );
  },
);

test.concurrent("an alias that leads to one with a mistake points at that", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  await using folder = await folderOf({
    "config.toml": `${FREE}${backendTable("gpu", gpu.url)}[aliases]\nfirst = "second"\nsecond = "gone"\nthird = "kept"\n`,
    "server.json": storeText({ alias: "kept", target: "gone" }),
  });
  const { about } = await doctor(at(folder));
  expect(about('alias "first"').remedy).toBe(
    'let alias "second" stand for a model that there is, at config.toml:9',
  );
  expect(about('alias "second"').remedy).toBe("let it stand for a model that there is, at config.toml:9");
  expect(about('alias "third"').remedy).toBe(
    'let stored alias "kept" stand for a model that there is: mellamo alias set kept MODEL; or: mellamo alias rm kept',
  );
});

test.concurrent("a command that is shown can be copied, whatever somebody has called an alias", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  const name = "x'; touch gone; '";
  await using folder = await folderOf({
    "config.toml": `${FREE}${backendTable("gpu", gpu.url)}`,
    "server.json": storeText({ alias: name, target: "nobody" }),
  });
  const { remedy = "" } = (await doctor(at(folder))).about(`stored alias "${name}"`);
  const [, word = ""] = /mellamo alias rm (.*)$/.exec(remedy) ?? [];
  expect(await Bun.$`sh -c ${`printf %s ${word}`}`.text()).toBe(name);
});

test.skipIf(!CAN_SEPARATE)(
  "without a configuration it looks at the usual ports, and has a remedy where nobody answers",
  async () => {
    await using folder = await folderOf();
    const alone = await doctor({ ...at(folder), through: among() });
    expect(alone.about("configuration")).toEqual({
      what: "configuration",
      state: "ok",
      text: "no file (the usual ports of this machine are looked at, aliases: 0)",
      remedy: "to have a file: mellamo init",
    });
    expect(alone.about("backends")).toMatchObject({
      state: "fault",
      text: expect.stringContaining("http://127.0.0.1:11434"),
      remedy: "start an engine, or say where one is: mellamo init --backend URL",
    });
    const through = among({ port: 11_434, kind: "ollama", models: ["m"] });
    const { status, about } = await doctor({ ...at(folder), through });
    expect(about("backend local-11434").text).toBe("Ollama 0.33.0 at http://127.0.0.1:11434 (models: 1)");
    expect(status).toBe(0);
  },
);

test.skipIf(process.platform !== "linux")(
  "a limit of open files that is too low is a fault, of the router that runs and else of this user",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath);
    await using folder = await folderOf({ "config.toml": `${FREE}${backendTable("gpu", gpu.url)}` });
    const through = ["sh", "-c", 'ulimit -n 512; exec "$0" "$@"'];
    const fault = {
      what: "open files",
      state: "fault",
      remedy:
        "raise the limit (each request needs two): ulimit -n 65536 before it is started, or LimitNOFILE=65536 in its unit",
    };
    const here = await doctor({ ...at(folder), through });
    expect([here.about("open files"), here.status]).toEqual([
      { ...fault, text: "512 at most for what this user starts" } as never,
      1,
    ]);
    await using router = await mellamo(backendTable("gpu", gpu.url), { through });
    const file = await Bun.file(router.file).text();
    await Bun.write(folder.at("there.toml"), file.replace("127.0.0.1:0", `127.0.0.1:${router.port}`));
    const there = await doctor(at(folder), "--config", folder.at("there.toml"));
    expect(there.about("open files")).toEqual({
      ...fault,
      text: "512 at most for the mellamo that runs",
    } as never);
  },
);
