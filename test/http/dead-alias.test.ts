/** An alias that leads nowhere is told apart from a name that nobody knows. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { routerOver } from "../support/over.ts";

test.each([
  [
    "fast",
    'model \'fast\' not found: it stands for "qwen3:31b", which no backend has; did you mean "qwen3:32b"?',
  ],
  ["far", 'model \'far\' not found: it stands for "x1", "x2", which no backend has'],
  ["qwen3:30b", "model 'qwen3:30b' not found; did you mean \"qwen3:32b\"?"],
])("%s", async (model, error) => {
  await using engine = await rawBackend(["qwen3:32b"], () => {}, "ollama");
  await using router = await routerOver(
    { a: { url: engine.url, engine: "ollama" } },
    '[aliases]\nfast = "qwen3:31b"\nfar = ["x1", "x2"]\n',
  );
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: JSON.stringify({ model }) });
  expect([answer.status, await answer.json()]).toEqual([404, { error }]);
});
