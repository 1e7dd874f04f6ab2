/** `mellamo pull` where nobody watches: a line for what begins and for what is complete, and why it came to nothing. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { managingOllama } from "../support/managing.ts";
import { command, type Mellamo, type Result } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { layer, pulledFrom, WHOLE_PULL } from "../support/pulling.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

function pull(router: Mellamo, ...args: string[]): Promise<Result> {
  return command(["pull", ...args, "--server", `127.0.0.1:${router.port}`]);
}

/** The lines of a whole pull, as they are told of a backend. */
function wholeOf(backend: string): string[] {
  const [a, b] = ["a", "b"].map((digit) => digit.repeat(12));
  return [
    "pulling manifest",
    `pulling ${a}  [                    ]   0 %  0 B of 4.7 GB`,
    `pulling ${a}  [####################] 100 %  4.7 GB of 4.7 GB`,
    `pulling ${b}  [                    ]   0 %  0 B of 12.0 KB`,
    `pulling ${b}  [####################] 100 %  12.0 KB of 12.0 KB`,
    "verifying sha256 digest",
    "writing manifest",
    "success",
  ].map((text) => `${backend}: ${text}`);
}

test("tells of each layer when it begins and when it is complete, and of each status once", async () => {
  await using ollama = await pulledFrom([
    ...WHOLE_PULL.slice(0, 1),
    ...WHOLE_PULL.slice(0, 3),
    ...Array.from({ length: 50 }, (_, part) => layer("a", 4_700_000_000, 2_400_000_000 + part)),
    ...WHOLE_PULL.slice(3),
  ]);
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const { status, out, err } = await pull(router, "qwen3:4b");
  expect({ status, out, lines: err.trimEnd().split("\n") }).toEqual({
    status: 0,
    out: "",
    lines: wholeOf("gpu"),
  });
  expect(ollama.talks.map(({ path, body }) => `${path} ${body.toString()}`)).toEqual([
    '/api/pull {"model":"qwen3:4b"}',
  ]);
});

test("a layer that is there already is told of once", async () => {
  await using ollama = await pulledFrom([layer("a", 10, 10), layer("a", 10, 10), { status: "success" }]);
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  expect((await pull(router, "m")).err).toBe(
    "gpu: pulling aaaaaaaaaaaa  [####################] 100 %  10 B of 10 B\ngpu: success\n",
  );
});

test("on several backends at once each line says of which it is", async () => {
  await using first = await pulledFrom();
  await using second = await pulledFrom();
  await using router = await routerOver({
    first: { url: first.url, engine: "ollama" },
    second: { url: second.url, engine: "ollama" },
  });
  const names = ["first", "second", "first"].flatMap((name) => ["--backend", name]);
  const { status, err } = await pull(router, "m", ...names);
  const lines = err.trimEnd().split("\n");
  expect(status).toBe(0);
  expect(lines.filter((line) => line.startsWith("first: "))).toEqual(wholeOf("first"));
  expect(lines.filter((line) => line.startsWith("second: "))).toEqual(wholeOf("second"));
  expect([lines.length, first.talks.length, second.talks.length]).toEqual([16, 1, 1]);
});

test("without a backend's name it goes where it belongs, and an alias is pulled as what it stands for", async () => {
  await using first = await managingOllama();
  await using second = await managingOllama(["Had"]);
  await using router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
    },
    '[models]\npinned = "second"\n[aliases]\nfast = "had"\nthere = { targets = [{ model = "x", backend = "second" }] }\n',
  );
  for (const name of ["new", "pinned", "fast", "there"]) {
    const { status, err } = await pull(router, name);
    const home = name === "new" ? "first" : "second";
    expect({ name, status, err }).toEqual({ name, status: 0, err: `${home}: working\n${home}: success\n` });
  }
  expect(first.deeds).toEqual(['POST /api/pull {"model":"new"}']);
  expect(second.deeds).toEqual(
    ["pinned", "Had:latest", "x"].map((model) => `POST /api/pull {"model":"${model}"}`),
  );
});

test("an alias is pulled to a named backend as what it stands for there; the lists tell of it when it ends", async () => {
  await using first = await managingOllama();
  await using second = await managingOllama();
  await using router = await routerOver(
    { first: { url: first.url, engine: "ollama" }, second: { url: second.url, engine: "ollama" } },
    '[health]\nprobe_interval = "1h"\n[aliases]\nfast = "chain"\nchain = "qwen3:4b"\n',
  );
  const { status } = await pull(router, "fast", "--backend", "first", "--backend", "second");
  expect([status, first.deeds, second.deeds]).toEqual([
    0,
    ['POST /api/pull {"model":"qwen3:4b"}'],
    ['POST /api/pull {"model":"qwen3:4b"}'],
  ]);
  const { out } = await command(["ls", "--json", "--server", `127.0.0.1:${router.port}`]);
  expect(JSON.parse(out)).toContainEqual({
    name: "qwen3:4b",
    stands_for: [],
    backends: ["first", "second"],
  });
});

test("of an alias that stands for other models elsewhere each backend gets its own", async () => {
  await using first = await managingOllama();
  await using second = await managingOllama();
  await using router = await routerOver(
    { first: { url: first.url, engine: "ollama" }, second: { url: second.url, engine: "ollama" } },
    `[aliases]
each = [{ model = "a:8b", backend = "first" }, { model = "b-8b", backend = "second" }]
only-there = [{ model = "c:1b", backend = "first" }]
`,
  );
  for (const name of ["each", "only-there"])
    expect((await pull(router, name, "--backend", "second", "--backend", "first")).status).toBe(0);
  const pulled = ({ deeds }: { deeds: string[] }) => deeds.map((deed) => deed.replace("POST /api/pull ", ""));
  expect(pulled(first)).toEqual(['{"model":"a:8b"}', '{"model":"c:1b"}']);
  expect(pulled(second)).toEqual(['{"model":"b-8b"}', '{"model":"c:1b"}']);
});

test("where one of two cannot, the other goes on, and it ends with 1", async () => {
  await using ollama = await pulledFrom();
  await using other = await rawBackend(["m"], noSuchPath);
  await using router = await routerOver({
    gpu: { url: ollama.url, engine: "ollama" },
    other: { url: other.url, engine: "openai" },
    shed: { url: NOBODY, engine: "ollama" },
  });
  const on = (...names: string[]): string[] => names.flatMap((name) => ["--backend", name]);
  const { status, err } = await pull(router, "m", ...on("gpu", "other", "shed"));
  expect([status, ...err.trimEnd().split("\n")]).toEqual([
    1,
    ...wholeOf("gpu"),
    "other: other is no Ollama, and no other engine manages models",
    "shed: connection refused",
  ]);
  // a name that was mistyped is told before anything begins
  expect(await pull(router, "m", ...on("gpu", "gpux"))).toMatchObject({
    status: 1,
    err: 'no backend is called "gpux", did you mean "gpu"?\n',
  });
});
