/** A model that is deleted is gone from every backend, whatever has become of these in the meantime. */

import { expect, test } from "bun:test";

import { managingOllama } from "../support/managing.ts";
import { routerOver } from "../support/over.ts";

const NEVER = '[health]\nprobe_interval = "1h"\n';

function remove(url: string): Promise<Response> {
  return fetch(`${url}/api/delete`, { method: "DELETE", body: '{"model":"m"}' });
}

test("it is no failure that one of them has it no more", async () => {
  await using a = await managingOllama(["m"]);
  await using b = await managingOllama(["m"]);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    NEVER,
  );
  a.models.clear();
  expect([(await remove(router.url)).status, b.models.size]).toEqual([200, 0]);
});

test("it is one that none of them has it any more", async () => {
  await using a = await managingOllama(["m"]);
  await using router = await routerOver({ a: { url: a.url, engine: "ollama" } }, NEVER);
  a.models.clear();
  const answer = await remove(router.url);
  expect([answer.status, await answer.json()]).toEqual([404, { error: "model 'm:latest' not found" }]);
});

test("where all that have it are down, that is a matter of time", async () => {
  await using a = await managingOllama(["m"]);
  await using router = await routerOver({ a: { url: a.url, engine: "ollama" } }, NEVER);
  await a.stop();
  await fetch(`${router.url}/api/chat`, { method: "POST", body: '{"model":"m"}' });
  await router.log.until(/event="backend down" backend=a/);
  const answer = await remove(router.url);
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
    503,
    "5",
    { error: 'no backend that has "m" is up (a: connection refused)' },
  ]);
});

test("one that goes down in the very moment is named", async () => {
  await using a = await managingOllama(["m"]);
  await using b = await managingOllama(["m"]);
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    NEVER,
  );
  await b.stop();
  const answer = await remove(router.url);
  expect([answer.status, await answer.json()]).toEqual([
    502,
    {
      error: '"m" is deleted on a, but not everywhere (no backend could be reached: b: connection refused)',
    },
  ]);
});

test("one that came back since the last look is asked, too", async () => {
  await using a = await managingOllama(["m"]);
  await using router = await routerOver({ a: { url: a.url, engine: "ollama" } }, NEVER);
  await a.stop();
  await fetch(`${router.url}/api/chat`, { method: "POST", body: '{"model":"m"}' });
  await router.log.until(/event="backend down" backend=a/);
  await a.start();
  expect([(await remove(router.url)).status, a.models.size]).toEqual([200, 0]);
});
