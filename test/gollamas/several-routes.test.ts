/** A model that is proxied to several places is served by all of them, and by the others when one fails. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { startedBy } from "../support/flags.ts";
import { postsOf, toPosts } from "../support/posts.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** It has the model in its memory: else whoever loads it first would be asked first from then on. */
async function teller(name: string): Promise<RawBackend> {
  const engine = await rawBackend(
    ["m:latest"],
    toPosts((talk) => talk.answer(200, JSON.stringify({ by: name }))),
    "ollama",
  );
  engine.list(["m:latest"], ["m:latest"]);
  return engine;
}

/** Who answers a conversation that was not had before. */
async function askedBy(url: string, content: string): Promise<unknown> {
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content }] });
  const answer = await fetch(`${url}/api/chat`, { method: "POST", body });
  return answer.status === 200 ? ((await answer.json()) as { readonly by: string }).by : answer.status;
}

test.each([
  ["the flag several times", "--proxy m={a} --proxy m={b}"],
  ["a list", "--proxies m={a},m={b}"],
  ["ids of connections", "--connection one={a} --connection two={b} --proxy m=one --proxy m=two"],
])("by %s: they take turns, one stands in for the other, and the log tells", async (_, line) => {
  await using one = await teller("one");
  await using two = await teller("two");
  await using other = await teller("other");
  const flags = line.replaceAll("{a}", one.url).replaceAll("{b}", two.url);
  await using router = await startedBy(`${flags} --proxy n=${other.url}`);
  const names = line.includes("one=") ? ["one", "two"] : [one, two].map(({ port }) => `127.0.0.1:${port}`);
  const told = await router.log.until(/event=configuration /);
  expect(told).toContain("level=warn");
  expect(told).toContain(`is served by ${names.join(" and ")} alike`);

  const turns = [];
  for (let turn = 0; turn < 6; turn++) turns.push(await askedBy(router.url, `first ${turn}`));
  expect(turns.toSorted()).toEqual(["one", "one", "one", "two", "two", "two"]);
  await one.stop();
  for (let turn = 0; turn < 4; turn++) expect(await askedBy(router.url, `then ${turn}`)).toBe("two");
  // "other" has the model, too, and nobody has sent it there
  await two.stop();
  expect(await askedBy(router.url, "last")).toBeOneOf([502, 503]);
  expect(postsOf(other)).toEqual([]);
});
