/** Two routers may have each other for a backend: what one of them loses does not live on in the other's lists. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { freePort } from "../support/llama-server.ts";
import { mellamo } from "../support/mellamo.ts";

const OFTEN = '[health]\nprobe_interval = "100ms"\n';

async function namesOn(url: string): Promise<string[]> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as {
    readonly data: { readonly id: string }[];
  };
  return data.map(({ id }) => id.replace(/:latest$/, ""));
}

async function until(url: string, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (JSON.stringify(await namesOn(url)) !== JSON.stringify(names)) {
    if (Date.now() > deadline) throw new Error(`${url} lists ${JSON.stringify(await namesOn(url))}`);
    await Bun.sleep(20);
  }
}

test("a model that is gone from its engine is gone from both", async () => {
  await using engine = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  const port = freePort();
  await using far = await mellamo(`${OFTEN}[[backend]]\nname = "near"\nurl = "http://127.0.0.1:${port}"\n`);
  await using near = await mellamo(
    `[server]\nlisten = "127.0.0.1:${port}"\n${OFTEN}` +
      `[[backend]]\nname = "engine"\nurl = "${engine.url}"\nengine = "openai"\n` +
      `[[backend]]\nname = "far"\nurl = "http://127.0.0.1:${far.port}"\n`,
  );
  await until(far.url, ["m"]);
  const answer = await fetch(`${far.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.status).toBe(200);
  // both know it as running, too
  expect(await (await fetch(`${near.url}/api/ps`)).text()).toContain('"m:latest"');
  engine.list([]);
  await until(near.url, []);
  await until(far.url, []);
  for (const router of [near, far]) {
    const running = (await (await fetch(`${router.url}/api/ps`)).json()) as { readonly models: unknown[] };
    expect(running.models).toEqual([]);
  }
});
