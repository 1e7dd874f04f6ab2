/** A real llama-server that is killed or stopped in the midst of its work. */

import { expect } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { type LlamaServer, llamaServer } from "../support/llama-server.ts";
import { llamaProgram, testWithLlama } from "../support/llama-stage.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { requestsTo } from "../support/request-log.ts";
import { backends } from "../support/status.ts";
import { QUESTION } from "../support/tiny-talk.ts";

/** Talks on for two seconds and more, as long as it has room. */
const endless = (): Promise<LlamaServer> => llamaServer(llamaProgram(), "tiny", {}, ["--ignore-eos"]);

const ASKED = { model: "alias", max_tokens: 4000, messages: [QUESTION] };
const ALIAS = '[aliases]\nalias = "tiny"\n';

/** The backend that serves a request, once there is one. */
async function busyBackend(router: Mellamo): Promise<string> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const busy = (await backends(router)).find(({ inflight }) => inflight > 0);
    if (busy !== undefined) return busy.name;
    if (Date.now() >= deadline) throw new Error("No backend is busy");
    await Bun.sleep(5);
  }
}

testWithLlama.each(["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages"])(
  "a stream of %s that loses its engine is broken off, not ended",
  async (path) => {
    await using engine = await endless();
    await using router = await mellamo(backendTable("b", engine.url) + ALIAS);
    using client = await rawClient(router.port);
    client.send(post(path, JSON.stringify({ ...ASKED, prompt: "Why?", input: "Why?", stream: true })));
    await client.until(/Rayleigh/);
    process.kill(engine.pid, "SIGKILL");
    await within(2000, client.ended);
    expect(client.received()).not.toContain("\r\n0\r\n\r\n");
    expect(client.received()).not.toMatch(/\[DONE\]|message_stop|response\.completed|"error"/);
    expect((await requestsTo(path, router)).at(-1)).toContain('end="engine died"');
  },
);

testWithLlama("an answer that is lost before any of it came is given by another llama-server", async () => {
  await using left = await endless();
  await using right = await endless();
  const engines = new Map([
    ["left", left],
    ["right", right],
  ]);
  const tables = [...engines].map(([name, { url }]) => backendTable(name, url));
  await using router = await mellamo(tables.join("") + ALIAS);
  const asking = fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ ...ASKED, max_tokens: 1000 }),
  });
  const first = await busyBackend(router);
  process.kill(engines.get(first)?.pid ?? 0, "SIGKILL");
  const answer = await asking;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ model: "alias", usage: { completion_tokens: 1000 } });
  const [line] = await requestsTo("/v1/chat/completions", router);
  expect(line).toContain(` backend=${first === "left" ? "right" : "left"} `);
});

testWithLlama("an answer that is lost, and that nobody else can give, is a 502", async () => {
  await using engine = await endless();
  await using router = await mellamo(backendTable("only", engine.url) + ALIAS);
  const asking = fetch(`${router.url}/v1/messages`, { method: "POST", body: JSON.stringify(ASKED) });
  await busyBackend(router);
  process.kill(engine.pid, "SIGKILL");
  const answer = await asking;
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ type: "error", error: { type: "api_error" } });
});

testWithLlama("one that is stopped does not delay lists, and answers again once it goes on", async () => {
  await using engine = await endless();
  const probes = 'probe_interval = "50ms"\nprobe_timeout = "1s"';
  await using router = await mellamo(backendTable("b", engine.url, probes) + ALIAS);
  const paths = ["/v1/models", "/api/tags", "/api/ps", "/v1/models/alias", "/api/version", "/readyz"];
  const lists = async (): Promise<number> => {
    const startedMs = performance.now();
    for (const path of paths) await (await fetch(router.url + path)).text();
    return performance.now() - startedMs;
  };
  const isUp = async (): Promise<boolean> => (await backends(router)).every(({ up }) => up);

  process.kill(engine.pid, "SIGSTOP");
  const delaysMs: number[] = [];
  // first it is not known to be stopped, then it is
  while (await isUp()) delaysMs.push(await lists());
  for (let index = 0; index < 5; index++) delaysMs.push(await lists());
  // a list that asked it would take as long as a probe may
  expect(Math.max(...delaysMs)).toBeLessThan(500);
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { readonly data: object[] };
  expect(data).toMatchObject([{ id: "alias" }, { id: "tiny" }]);

  process.kill(engine.pid, "SIGCONT");
  const deadline = Date.now() + 5000;
  while (!(await isUp()) && Date.now() < deadline) await Bun.sleep(10);
  const answer = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ ...ASKED, max_tokens: 5 }),
  });
  expect(answer.status).toBe(200);
});
