/** Lists follow what a request has done, also if the configuration has changed since the request began. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { managingOllama } from "../support/managing.ts";
import { mellamo } from "../support/mellamo.ts";
import { change } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

async function beginPull(talk: Talk): Promise<void> {
  await talk.begin(200, { "content-type": "application/x-ndjson" });
  await talk.chunk('{"status":"pulling"}\n');
}

test.each([
  ["stays as it is", "[listing]\naliases = true\n", 'name = "b"'],
  ["has another priority", "", 'name = "b"\npriority = 7'],
  ["has another key", "", 'name = "b"\nkey = "k"'],
  ["has another name", "", 'name = "c"'],
])("a pull that ends when its backend %s", async (_, sections, lines) => {
  await using ollama = await rawBackend(["old:latest"], beginPull, "ollama");
  const rarely = '[health]\nprobe_interval = "1h"\n';
  await using router = await mellamo(rarely + backendTable("b", ollama.url, 'engine = "ollama"'));
  using client = await rawClient(router.port);
  client.send(post("/api/pull", '{"model":"new"}'));
  await client.until(/pulling/);
  await change(
    router,
    `${rarely}${sections}[[backend]]\nurl = "${ollama.url}"\nengine = "ollama"\n${lines}\n`,
  );
  ollama.list(["old:latest", "new:latest"]);
  const talk = await ollama.talk(0);
  await talk.chunk('{"status":"success"}\n');
  await talk.chunk("");
  await client.until(/success/);
  const { models } = (await (await fetch(`${router.url}/api/tags`)).json()) as {
    readonly models: readonly { readonly name: string }[];
  };
  expect(models.map(({ name }) => name).sort()).toEqual(["new:latest", "old:latest"]);
});

test.each([
  ["another one is preferred now, and nobody has to be asked", 20, 30, 0],
  ["its own settings are others, too", 21, 30, 1],
])("a model goes where its blobs went, though %s", async (_, one, two, asked) => {
  await using first = await managingOllama();
  await using second = await managingOllama();
  const config = (priorities: readonly [number, number]): string =>
    [first, second]
      .map(({ url }, index) =>
        backendTable(`b${index}`, url, `engine = "ollama"\npriority = ${priorities[index]}`),
      )
      .join("");
  await using router = await mellamo(config([20, 10]));
  const digest = `sha256:${"0".repeat(64)}`;
  expect((await fetch(`${router.url}/api/blobs/${digest}`, { method: "POST", body: "GGUF" })).status).toBe(
    201,
  );
  await change(router, config([one, two]));
  const body = JSON.stringify({ model: "new", files: { "m.gguf": digest } });
  expect(await (await fetch(`${router.url}/api/create`, { method: "POST", body })).text()).toContain(
    "success",
  );
  expect(first.models).toContain("new:latest");
  expect(first.deeds.filter((deed) => deed.startsWith("HEAD"))).toHaveLength(asked);
  expect(second.models).not.toContain("new:latest");
});
