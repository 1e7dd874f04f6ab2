/** A backend that takes connections and says nothing delays no list and no start. gollamas: lists hang without an end. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { startedBy } from "../support/flags.ts";
import { folderOf } from "../support/folder.ts";
import { listed } from "../support/gollamas-asking.ts";
import { started } from "../support/mellamo.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** Less than any client waits, and far more than a list takes that waits for nobody. */
const AT_ONCE_MS = 1500;

test("one that was silent from the start", async () => {
  await using good = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using silent = await rawBackend(["n:latest"], () => {}, "ollama");
  silent.list(undefined);
  const folder = await folderOf();
  const flags = ["--listen", "127.0.0.1:0", "--proxy", `m=${good.url}`, "--proxy", `n=${silent.url}`];
  await using router = await started(flags, folder);
  await router.log.until(/event="backend up"/);
  for (const path of ["/api/tags", "/api/version", "/api/ps", "/v1/models", "/"]) {
    const answer = await within(AT_ONCE_MS, fetch(router.url + path));
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  }
  expect(await within(AT_ONCE_MS, listed(router))).toEqual(["m"]);
});

test("one that falls silent later, whose models stay listed", async () => {
  await using good = await rawBackend(["m:latest"], noSuchPath, "ollama");
  await using silent = await rawBackend(["n:latest"], noSuchPath, "ollama");
  await using router = await startedBy(`--proxy m=${good.url} --proxy n=${silent.url}`);
  silent.list(undefined);
  silent.behave(() => {});
  expect(await within(AT_ONCE_MS, listed(router))).toEqual(["m", "n"]);
});
