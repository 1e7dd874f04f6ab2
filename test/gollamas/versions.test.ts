/** The version is what Ollama's clients can read, and the lowest by its numbers. gollamas: a bare text, compared as one. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type FakeEngine, fakeEngine } from "../support/fake-engine.ts";
import { startedBy } from "../support/flags.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

function ollama(version: string, model: string): FakeEngine {
  const rows = [{ name: model, model, digest: Bun.SHA256.hash(model, "hex") }];
  return fakeEngine({
    pages: {
      "/": "Ollama is running",
      "/api/version": { version },
      "/api/tags": { models: rows },
      "/api/ps": { models: [] },
    },
  });
}

test("the version is an object, as Ollama's is", async () => {
  await using one = ollama("0.10.1", "m:latest");
  await using router = await startedBy(`--proxy m=${one.url}`);
  const answer = await fetch(`${router.url}/api/version`);
  expect(answer.headers.get("content-type")).toContain("application/json");
  expect(await answer.text()).toBe('{"version":"0.10.1"}');
});

test.each([
  ["0.6.2", "0.10.1", "0.6.2"],
  ["0.10.1", "0.6.2", "0.6.2"],
  ["0.9.9", "1.0.0", "0.9.9"],
  ["0.33.0", "0.4.0", "0.4.0"],
])("of %s and %s it is %s", async (first, second, lowest) => {
  await using one = ollama(first, "m:latest");
  await using two = ollama(second, "n:latest");
  await using router = await startedBy(`--proxy m=${one.url} --proxy n=${two.url}`);
  expect(await (await fetch(`${router.url}/api/version`)).json()).toEqual({ version: lowest });
});
