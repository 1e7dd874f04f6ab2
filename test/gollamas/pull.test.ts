/** A model that is proxied and not there yet is pulled where it is proxied to, and served from there at once. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { startedBy } from "../support/flags.ts";
import { listed } from "../support/gollamas-asking.ts";
import { managingOllama } from "../support/managing.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test.each(["tiny", "tiny:latest", "gpt-4"])("%s", async (name) => {
  await using first = await managingOllama(["m"]);
  await using second = await managingOllama(["n"]);
  const proxies = `--proxy m=${first.url} --proxy n=${second.url} --proxy tiny=${second.url}`;
  await using router = await startedBy(`${proxies} --alias gpt-4=tiny`);
  const answer = await fetch(`${router.url}/api/pull`, {
    method: "POST",
    body: JSON.stringify({ model: name }),
  });
  expect([answer.status, (await answer.text()).trimEnd().split("\n").at(-1)]).toEqual([
    200,
    '{"status":"success"}',
  ]);
  expect([[...first.models], [...second.models]]).toEqual([["m:latest"], ["n:latest", "tiny:latest"]]);
  expect(await listed(router)).toEqual(["m", "n", "tiny"]);
});
