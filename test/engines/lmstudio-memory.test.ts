/** An LM Studio is asked to load only what is not in its memory, with the context that is wanted, and lets go by instance. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { type FakeEngine, fakeEngine } from "../support/fake-engine.ts";
import { LMSTUDIO_OLD, LMSTUDIO_OLDEST } from "../support/lmstudio-shapes.ts";
import { command, mellamo } from "../support/mellamo.ts";
import { HEALTH, preloads, untilStates } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

interface Call {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Studio extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly Call[];
}

/** One that has "warm" in memory, twice, and "cold" not; it loads and lets go as LM Studio does. */
function studio(): Studio {
  const calls: Call[] = [];
  const instances: Record<string, { id: string; config: { context_length: number } }[]> = {
    warm: [
      { id: "warm", config: { context_length: 4096 } },
      { id: "warm:2", config: { context_length: 8192 } },
    ],
    cold: [],
  };
  const rows = () =>
    Object.entries(instances).map(([key, loaded]) => ({
      type: "llm",
      publisher: "p",
      key,
      loaded_instances: loaded,
      max_context_length: 65_536,
    }));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname: path } = new URL(request.url);
      if (path === "/api/v1/models") return Response.json({ models: rows() });
      if (request.method === "GET")
        return Response.json({ error: `Unexpected endpoint or method. (GET ${path})` });
      const body = (await request.json()) as Call["body"];
      calls.push({ path, body });
      const { model, instance_id: id, context_length: context = 4096 } = body;
      if (path === "/api/v1/models/load")
        instances[String(model)]?.push({ id: String(model), config: { context_length: Number(context) } });
      for (const key of Object.keys(instances))
        instances[key] = (instances[key] ?? []).filter((one) => one.id !== id);
      return Response.json({ type: "llm", instance_id: model ?? id, status: "loaded" });
    },
  });
  return { url: server.url.origin, calls, [Symbol.asyncDispose]: () => server.stop(true) };
}

function wanting({ url }: Pick<FakeEngine, "url">, preload: readonly string[], more = ""): string {
  return `${HEALTH}${backendTable("studio", url, `preload = ${JSON.stringify(preload)}\n${more}`)}`;
}

test("what is loaded already is left as it is, and the rest is loaded with the context that is wanted", async () => {
  await using engine = studio();
  await using router = await mellamo(
    wanting(engine, ["warm", "cold"], "options = { num_ctx = 16384, temperature = 0 }"),
  );
  await untilStates(router, "studio", ["loaded", "loaded"]);
  expect(engine.calls).toEqual([
    { path: "/api/v1/models/load", body: { model: "cold", context_length: 16_384 } },
  ]);
});

test("without a context it is the engine that chooses one", async () => {
  await using engine = studio();
  await using router = await mellamo(wanting(engine, ["cold"], 'keep_alive = "1h"'));
  await untilStates(router, "studio", ["loaded"]);
  expect(engine.calls).toEqual([{ path: "/api/v1/models/load", body: { model: "cold" } }]);
});

test("all instances of a model are let go of, and it stays out", async () => {
  await using engine = studio();
  await using router = await mellamo(wanting(engine, ["warm"]));
  await untilStates(router, "studio", ["loaded"]);
  const { status, out } = await command(["unload", "warm", "--server", `127.0.0.1:${router.port}`]);
  expect([status, out]).toEqual([0, expect.stringMatching(/^studio: warm unloaded in/)]);
  expect(engine.calls).toEqual([
    { path: "/api/v1/models/unload", body: { instance_id: "warm" } },
    { path: "/api/v1/models/unload", body: { instance_id: "warm:2" } },
  ]);
  expect(await preloads(router, "studio")).toMatchObject([{ state: "unloaded" }]);
});

test("an older one has no call for it: that is told once and clearly, and nothing else is wrong", async () => {
  await using engine = fakeEngine(LMSTUDIO_OLD);
  const { data } = (await (await fetch(`${engine.url}/api/v0/models`)).json()) as {
    readonly data: readonly { readonly id: string; readonly state: string }[];
  };
  const loaded = data.find(({ state }) => state === "loaded")?.id ?? "";
  const other = data.find(({ state }) => state === "not-loaded")?.id ?? "";
  await using router = await mellamo(wanting(engine, [other, loaded]));
  await untilStates(router, "studio", ["failed", "loaded"]);
  const why = "Unexpected endpoint or method. (POST /api/v1/models/load)";
  expect((await preloads(router, "studio"))[0]).toMatchObject({ name: other, why });
  expect(router.log.text.match(/event="not preloaded"/g)).toHaveLength(1);
  expect(engine.asked.filter((path) => path === "/api/v1/models/load")).toHaveLength(1);
  const { status, err } = await command([
    "unload",
    loaded,
    "--backend",
    "studio",
    "--server",
    `127.0.0.1:${router.port}`,
  ]);
  expect([status, err]).toEqual([1, "studio: this version of LM Studio has no call for it\n"]);
  expect((await preloads(router, "studio"))[1]).toMatchObject({ state: "loaded" });
});

test("one that does not tell what it has in memory is not bothered", async () => {
  await using engine = fakeEngine(LMSTUDIO_OLDEST);
  const { data } = (await (await fetch(`${engine.url}/v1/models`)).json()) as {
    readonly data: readonly { readonly id: string }[];
  };
  await using router = await mellamo(wanting(engine, [data[0]?.id ?? ""]));
  await untilStates(router, "studio", ["loaded"]);
  expect(engine.asked.filter((path) => path.includes("load"))).toEqual([]);
});
