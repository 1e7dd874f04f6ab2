/** `mellamo doctor` in a shell without the secrets of the service goes by what the mellamo that runs says. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { type Diagnosis, doctor } from "../support/diagnosis.ts";
import { folderOf } from "../support/folder.ts";
import { type Mellamo, started } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const KEY = 'key = "${GPU_KEY}"';

const env = { GPU_KEY: "secret" };

/** What is said of a router that has the variable, in a shell that has not; `change` comes between. */
async function without(toml: string, change?: (router: Mellamo) => Promise<void>): Promise<Diagnosis> {
  await using folder = await folderOf({
    "server.json": storeText({ alias: "kept", target: "m" }),
  });
  const head = `[server]\nlisten = "unix:${folder.at("m.sock")}"\n`;
  await Bun.write(folder.at("config.toml"), head + toml);
  await using router = await started(["serve"], folder, { env });
  await router.log.until(/backend (up|down)/);
  await change?.(router);
  return await doctor({ cwd: folder.path });
}

test.concurrent(
  "a variable that only the mellamo that runs has is no fault, and it tells the rest",
  async () => {
    await using gpu = await rawBackend(["m"], noSuchPath, "ollama");
    const { about, status, wrong } = await without(
      `${backendTable("gpu", gpu.url, KEY)}[aliases]\nx = "m"\n"y-*" = "m"\n`,
    );
    expect(wrong).toEqual([
      {
        what: "configuration",
        state: "warn",
        text: "config.toml:6:1: backend.0.key: environment variable GPU_KEY is not set in this shell; the mellamo that runs has it",
        remedy: "for a look at backends and aliases from here set GPU_KEY here, too",
      },
    ]);
    expect(about("backend gpu")).toEqual({
      what: "backend gpu",
      state: "ok",
      text: `Ollama at ${gpu.url} (models: 1), by the mellamo that runs`,
    });
    expect(about("aliases")).toEqual({
      what: "aliases",
      state: "ok",
      text: "all lead to models (of the file: 2, stored: 1), by the mellamo that runs",
    });
    expect(status).toBe(0);
  },
);

test.concurrent("what it says is wrong is a fault all the same", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  const down = await without(`${backendTable("gpu", NOBODY, KEY)}[aliases]\nx = "m"\n`);
  expect(down.about("backend gpu")).toEqual({
    what: "backend gpu",
    state: "fault",
    text: `${NOBODY}: connection refused, by the mellamo that runs`,
    remedy: "start the engine; if it runs, does it listen on port 9?",
  });
  expect(down.about("aliases")).toMatchObject({ state: "warn" });
  expect(down.status).toBe(1);
  const lost = await without(`${backendTable("gpu", gpu.url, KEY)}[aliases]\nx = "gone"\n`);
  expect(lost.about('alias "x"')).toEqual({
    what: 'alias "x"',
    state: "fault",
    text: "no backend has a model for it, by the mellamo that runs",
    remedy: "let it stand for a model that there is: mellamo resolve x tells for what it does",
  });
  expect(lost.status).toBe(1);
});

test.concurrent("it stays a fault where the mellamo that runs has not taken the file either", async () => {
  await using gpu = await rawBackend(["m"], noSuchPath);
  const toml = backendTable("gpu", gpu.url, KEY);
  const { about, status } = await without(toml, async (router) => {
    const text = await Bun.file(router.file).text();
    await Bun.write(router.file, text.replace("GPU_KEY", "GPU_KEYS"));
    await router.log.until(/configuration not loaded/);
  });
  expect(about("configuration")).toMatchObject({
    state: "fault",
    remedy: "set GPU_KEYS where mellamo is started, or write ${GPU_KEYS:-…} for a default",
  });
  expect(about("backends, aliases").state).toBe("warn");
  expect(status).toBe(1);
});
