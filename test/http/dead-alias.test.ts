/** An alias that leads nowhere is told apart from a name that nobody knows. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { NOBODY, routerOver } from "../support/over.ts";

test.each([
  [
    "fast",
    'model \'fast\' not found: nobody has what it stands for ("qwen3:31b"); did you mean "qwen3:32b"?',
  ],
  ["far", 'model \'far\' not found: nobody has what it stands for ("x1", "x2")'],
  ["qwen3:30b", "model 'qwen3:30b' not found; did you mean \"qwen3:32b\"?"],
  ["mistrl", "model 'mistrl' not found; did you mean \"mistral\"?"],
])("%s", async (model, error) => {
  await using engine = await rawBackend(["qwen3:32b", "mistral:latest"], () => {}, "ollama");
  await using router = await routerOver(
    { a: { url: engine.url, engine: "ollama" } },
    '[aliases]\nfast = "qwen3:31b"\nfar = ["x1", "x2"]\n',
  );
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: JSON.stringify({ model }) });
  expect([answer.status, await answer.json()]).toEqual([404, { error }]);
});

test("a model that is pinned where it is not", async () => {
  await using a = await rawBackend(["m"], () => {}, "ollama");
  await using b = await rawBackend(["quite-another"], () => {}, "ollama");
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    '[models]\nm = "b"\n',
  );
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: '{"model":"m"}' });
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: "model 'm' not found: it is pinned to b, and not there" },
  ]);
});

test("before any engine has answered, a name is not unknown but early", async () => {
  await using router = await routerOver({ a: { url: NOBODY } });
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: '{"model":"m"}' });
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
    503,
    "5",
    { error: "no engine answers yet (a: connection refused)" },
  ]);
});

test("a target on a backend that does not have it, while another has", async () => {
  await using a = await rawBackend(["m"], () => {}, "ollama");
  await using b = await rawBackend(["quite-another"], () => {}, "ollama");
  await using router = await routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    '[aliases]\nfast = { targets = [{ model = "m", backend = "b" }] }\n',
  );
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: '{"model":"fast"}' });
  expect(await answer.json()).toEqual({
    error: "model 'fast' not found: nobody has what it stands for (\"m\" on b)",
  });
});
