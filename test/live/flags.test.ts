/** Flags and variables hold over every reload, of the file that `--config` names and of none at all. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";

import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import { startedBy } from "../support/flags.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { configState, reload, teller, whoAnswers } from "../support/reloading.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** A file that sends the model "m" and two aliases to one engine. */
function fileFor({ url }: RawBackend, more = ""): string {
  return `[server]\nlisten = "127.0.0.1:1"\n[listing]\naliases = true\nonly = "all"\n[[backend]]\nname = "file"\nurl = "${url}"\nengine = "openai"\n[models]\nm = "file"\n[aliases]\na = "m"\nfree = "n"\n${more}`;
}

async function listed(router: Mellamo): Promise<string[]> {
  const answer = await fetch(`${router.url}/v1/models`);
  const { data } = (await answer.json()) as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id).toSorted();
}

test("flags go before the file, whichever way it is loaded anew", async () => {
  await using one = await teller("by the flag", ["m", "n"]);
  await using two = await teller("by the file", ["m", "n"]);
  const flags = `--proxy m=c --connection c=${one.url} --alias a=m --list-aliases=false`;
  await using router = await startedBy(`--config config.toml ${flags}`, {
    files: { "config.toml": fileFor(two) },
  });
  const look = async (): Promise<unknown> => ({
    m: await whoAnswers(router, "m"),
    a: await whoAnswers(router, "a"),
    free: await whoAnswers(router, "free"),
    lists: await listed(router),
    names: (await backends(router)).map(({ name }) => name),
  });
  const before = {
    m: "by the flag",
    a: "by the flag",
    free: expect.stringMatching(/^by the (flag|file)$/),
    lists: ["m", "n"],
    names: ["file", "c"],
  };
  expect(await look()).toEqual(before);

  // saved: what no flag speaks of is followed
  await writeFile(router.file, fileFor(two, 'saved = "m"\n'));
  await eventually(
    () => whoAnswers(router, "saved"),
    (who) => who === "by the flag",
  );
  expect(await look()).toEqual(before);

  await writeFile(router.file, fileFor(two, 'asked = "m"\n'));
  const { status, body } = await reload(router);
  expect([status, body.needs_restart]).toEqual([200, []]);
  expect([await whoAnswers(router, "asked"), await look()]).toEqual(["by the flag", before]);

  await writeFile(router.file, fileFor(two, 'signalled = "m"\n'));
  process.kill(router.pid, "SIGHUP");
  await eventually(
    () => whoAnswers(router, "signalled"),
    (who) => who === "by the flag",
  );
  expect(await look()).toEqual(before);
});

test("a file that goes bad changes nothing, and its mistake is told with its place", async () => {
  await using one = await teller("by the flag");
  await using two = await teller("by the file");
  await using router = await startedBy(`--config config.toml --proxy m=${one.url}`, {
    files: { "config.toml": fileFor(two) },
  });
  await writeFile(router.file, fileFor(two, "bad = 3\n"));
  expect((await reload(router)).status).not.toBe(200);
  const { config_troubles: troubles } = await configState(router);
  expect(troubles).toEqual([expect.stringMatching(/^config\.toml:15:1: aliases\.bad: expected /)]);
  expect(await whoAnswers(router, "m")).toBe("by the flag");
});

test("where there is no file, a reload finds none, even if one has appeared", async () => {
  await using one = await teller("by the flag");
  await using two = await teller("by the file");
  const env = { GOLLAMAS_ALIASES: "a=m" };
  await using router = await startedBy(`--proxy m=${one.url}`, { env });
  await writeFile(router.file, fileFor(two));
  expect((await reload(router)).body).toMatchObject({ config: null, changed: { settings: [] } });
  process.kill(router.pid, "SIGHUP");
  await eventually(
    () => router.log.all.filter((line) => line.includes('event="configuration loaded"')).length,
    (count) => count === 2,
  );
  expect([await whoAnswers(router, "a"), await whoAnswers(router, "free")]).toEqual(["by the flag", "404"]);
  expect((await configState(router)).config).toBeNull();
});

test("variables hold over a reload, as flags do", async () => {
  await using one = await teller("by the variable");
  await using two = await teller("by the file");
  const env = { GOLLAMAS_PROXIES: `m=${one.url}`, GOLLAMAS_LIST_ALIASES: "false" };
  await using router = await startedBy("--config config.toml", {
    env,
    files: { "config.toml": fileFor(two) },
  });
  await writeFile(router.file, fileFor(two, 'more = "m"\n'));
  expect((await reload(router)).status).toBe(200);
  expect([await whoAnswers(router, "more"), await listed(router)]).toEqual(["by the variable", ["m"]]);
});
