/** A router that began without a configuration file takes the one that is there when it is told to, and follows it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";

import { readConfiguration, readConfigurationText } from "../../src/config/load.ts";
import { type Running, startRouter } from "../../src/live/start.ts";
import { logTo } from "../../src/telemetry/log.ts";
import { eventually } from "../support/deadline.ts";
import { folderOf } from "../support/folder.ts";
import { NO_ENGINE } from "../support/over.ts";
import { configState, reload } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

test("it is found by a reload, followed from then on, and not given up when it is gone", async () => {
  await using folder = await folderOf();
  const file = folder.at("config.toml");
  const text = (name: string): string =>
    `[server]\nlisten = "127.0.0.1:0"\n[store]\npath = ${JSON.stringify(folder.at("server.json"))}\n` +
    `${NO_ENGINE}[aliases]\n${name} = "m"\n`;
  const none = readConfigurationText(text("none"), undefined);
  if (none.kind === "refused") throw new Error(none.error);
  await using stack = new AsyncDisposableStack();
  const running: Running = await startRouter(none, {
    maxInflight: 100,
    logOf: ({ log }) =>
      logTo(
        () => {},
        log.level,
        log.format,
        () => new Date(),
      ),
    read: (current) =>
      existsSync(file) || current !== undefined ? readConfiguration(current ?? file) : Promise.resolve(none),
  });
  stack.defer(async () => {
    await running.server.stop(true);
    running.stop();
  });
  const url = running.server.url.origin;
  const names = async (): Promise<string> => (await fetch(`${url}/api/aliases`)).text();

  expect((await reload({ url })).body.config).toBeNull();
  await writeFile(file, text("first"));
  expect((await reload({ url })).body).toMatchObject({
    config: file,
    changed: { aliases: { added: ["first"] } },
  });
  await writeFile(file, text("second"));
  await eventually(SOON_MS, async () => (await names()).includes("second"));
  await rm(file);
  await eventually(SOON_MS, async () => (await configState({ url })).config_troubles.length > 0);
  expect(await names()).toContain("second");
  expect(await configState({ url })).toMatchObject({
    config: file,
    config_troubles: [`Cannot read configuration "${file}": no such file`],
  });
});
