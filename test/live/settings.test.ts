/** Each setting that can change while the router runs has its effect on the next request. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, table, teller, whoAnswers } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

let one: RawBackend;
let two: RawBackend;
let ollama: ManagingOllama;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one");
  two = await teller("two");
  ollama = await managingOllama(["real"]);
  router = await mellamo(configOf(""));
});

afterAll(async () => {
  await Promise.all([router, one, two, ollama].map((each) => each[Symbol.asyncDispose]()));
});

/** `sections` stand before the backends, `names` are further aliases. */
function configOf(sections: string, names = ""): string {
  const backends = [
    table("one", one),
    table("two", two, "priority = 1"),
    `[[backend]]\nname = "ollama"\nurl = "${ollama.url}"\nengine = "ollama"\n`,
  ];
  return `${sections}${backends.join("")}[aliases]\n${aliasTo("two")}${names}`;
}

async function listed(): Promise<string[]> {
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as {
    readonly data: readonly { readonly id: string }[];
  };
  return data.map(({ id }) => id.replace(/:latest$/, "")).sort();
}

async function statusOf(path: string, init: RequestInit): Promise<number> {
  const response = await fetch(router.url + path, init);
  await response.bytes();
  return response.status;
}

test("aliases: added, changed and removed", async () => {
  await change(router, configOf("", `new = "m"\n"gpt-*" = "a"\n`));
  expect(await whoAnswers(router, "new")).toBe("one");
  expect(await whoAnswers(router, "gpt-4o")).toBe("two");
  await change(router, configOf("", `new = "a"\n"gpt-*" = "m"\n`));
  expect(await whoAnswers(router, "new")).toBe("two");
  expect(await whoAnswers(router, "gpt-4o")).toBe("one");
  await change(router, configOf(""));
  expect(await whoAnswers(router, "new")).toBe("404");
  expect(await whoAnswers(router, "gpt-4o")).toBe("404");
});

test("pins", async () => {
  expect(await whoAnswers(router, "m")).toBe("one");
  await change(router, configOf('[models]\nm = "two"\n'));
  expect(await whoAnswers(router, "m")).toBe("two");
  await change(router, configOf(""));
  expect(await whoAnswers(router, "m")).toBe("one");
});

test("whether aliases are listed: all of them, or one", async () => {
  expect(await listed()).toEqual(["a", "m", "real"]);
  await change(router, configOf("[listing]\naliases = false\n"));
  expect(await listed()).toEqual(["m", "real"]);
  await change(router, configOf("", 'hidden = { targets = ["m"], listed = false }\n'));
  expect(await listed()).toEqual(["a", "m", "real"]);
});

test("whether answers bear the name that was asked", async () => {
  const modelOf = async (): Promise<unknown> => {
    const body = JSON.stringify({ model: "b" });
    const response = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body });
    return ((await response.json()) as { readonly model: unknown }).model;
  };
  await change(router, configOf("", 'b = "m"\n'));
  expect(await modelOf()).toBe("b");
  await change(router, configOf("", 'b = { targets = ["m"], echo = false }\n'));
  expect(await modelOf()).toBe("m");
});

test("web pages that may call", async () => {
  const page = { headers: { origin: "https://chat.example" } };
  expect(await statusOf("/v1/models", page)).toBe(403);
  await change(router, configOf('[server]\norigins = ["https://chat.example"]\n'));
  expect(await statusOf("/v1/models", page)).toBe(200);
  expect(await statusOf("/v1/models", { method: "OPTIONS", ...page })).toBe(204);
  await change(router, configOf('[server]\norigins = ["https://other.example"]\n'));
  expect(await statusOf("/v1/models", page)).toBe(403);
});

test("the length of bodies", async () => {
  const call = { method: "POST", body: JSON.stringify({ model: "m", pad: "x".repeat(2000) }) };
  await change(router, configOf('[server]\nmax_body = "1KiB"\n'));
  expect(await statusOf("/v1/chat/completions", call)).toBe(413);
  await change(router, configOf('[server]\nmax_body = "4KiB"\n'));
  expect(await statusOf("/v1/chat/completions", call)).toBe(200);
});

test("what a copy makes", async () => {
  const copy = (destination: string): Promise<number> =>
    statusOf("/api/copy", { method: "POST", body: JSON.stringify({ source: "real", destination }) });
  expect(await copy("alias-of-it")).toBe(200);
  expect(ollama.deeds).toEqual([]);
  await change(router, configOf('[server]\ncopy = "model"\n'));
  expect(await copy("second")).toBe(200);
  expect(ollama.deeds).toEqual([expect.stringMatching(/^POST \/api\/copy .*"second"/)]);
  await change(router, configOf(""));
  expect(await copy("another-alias")).toBe(200);
  expect(ollama.deeds).toHaveLength(1);
});

test("what is logged, and how", async () => {
  const ask = (id: string): Promise<number> => statusOf("/healthz", { headers: { "x-request-id": id } });
  await change(router, configOf('[log]\nformat = "json"\n'));
  await ask("as-json");
  await router.log.until(/^\{.*"event":"request","id":"as-json"/);
  await change(router, configOf('[log]\nlevel = "error"\n'));
  await ask("not-at-all");
  await change(router, configOf('[log]\nformat = "logfmt"\n'));
  await ask("as-logfmt");
  await router.log.until(/event=request id=as-logfmt/);
  expect(router.log.text).not.toContain("not-at-all");
});

test("how long running requests may go on at the end", async () => {
  await using backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
  });
  await using patient = await mellamo(`[server]\ndrain = "10m"\n${table("b", backend)}`);
  using client = await rawClient(patient.port);
  client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
  await client.until(/data: /);
  await change(patient, `[server]\ndrain = "0s"\n${table("b", backend)}`);
  expect(await within(SOON_MS, patient.end("SIGTERM"))).toBe(0);
});
