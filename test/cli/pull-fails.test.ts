/** A `mellamo pull` that comes to nothing ends with 1 and one line that says why. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type Behaviour, rawBackend } from "../support/backend.ts";
import { command } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { beginPull, layer, pullOf } from "../support/pulling.ts";
import { started } from "../support/started.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const MANIFEST = { status: "pulling manifest" };
const NO_FILE = { error: "pull model manifest: file does not exist" };

test.each<[string, Behaviour, string]>([
  [
    "an error in the stream",
    (talk) => pullOf(talk, [MANIFEST, NO_FILE]),
    "gpu: pulling manifest\ngpu: pull model manifest: file does not exist\n",
  ],
  [
    "an error before it",
    (talk) => talk.answer(500, JSON.stringify(NO_FILE)),
    "gpu: pull model manifest: file does not exist\n",
  ],
  [
    "a stream that ends before its success",
    (talk) => pullOf(talk, [MANIFEST]),
    "gpu: pulling manifest\ngpu: the answer broke off before it was done\n",
  ],
  [
    "an answer that is none",
    (talk) => talk.answer(200, "<html></html>"),
    "gpu: the answer broke off before it was done\n",
  ],
  ["an error without words", (talk) => talk.answer(418, "tea"), "gpu: status 418\n"],
  [
    "words that a terminal would obey",
    (talk) => pullOf(talk, [{ error: "\u001b[2Jgone" }]),
    "gpu: \u{fffd}[2Jgone\n",
  ],
])("%s", async (_, behaviour, err) => {
  await using ollama = await rawBackend([], behaviour, "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const server = ["--server", `127.0.0.1:${router.port}`];
  expect(await command(["pull", "m", ...server])).toEqual({ status: 1, out: "", err });
  expect(await command(["pull", "m", "--backend", "gpu", ...server])).toEqual({ status: 1, out: "", err });
});

test("a stream that breaks", async () => {
  await using ollama = await rawBackend([], (talk) => beginPull(talk, MANIFEST, layer("a", 10)), "ollama");
  await using router = await routerOver({ gpu: { url: ollama.url, engine: "ollama" } });
  const { err, exited } = started(["pull", "m", "--server", `127.0.0.1:${router.port}`]);
  await err.until(/ 0 B of 10 B$/);
  (await ollama.talk(0)).reset();
  expect(await exited).toBe(1);
  expect(await err.until(/broke off/)).toBe("gpu: the answer broke off before it was done");
  expect(err.text).not.toContain("Cannot reach");
});

test("a router that does not run, in one line for all backends", async () => {
  const { status, out, err } = await command([
    "pull",
    "m",
    "--backend",
    "a",
    "--backend",
    "b",
    "--server",
    "127.0.0.1:9",
  ]);
  expect([status, out, err]).toEqual([
    1,
    "",
    "Cannot reach mellamo at http://127.0.0.1:9: connection refused. Is it running? Start it with: mellamo\n",
  ]);
});

test.each([
  [["pull"], "NAME"],
  [["pull", "a", "b"], "b"],
  [["pull", "m", "--backend"], "backend"],
  [["pull", "m", "--json"], "json"],
])("%p is no call of it", async (args, word) => {
  const { status, out, err } = await command(args);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toContain(word);
});

test("without a name, and where no Ollama is", async () => {
  await using other = await rawBackend(["m"], () => {});
  await using router = await routerOver({
    a: { url: other.url, engine: "openai" },
    b: { url: NOBODY, engine: "openai" },
  });
  const server = ["--server", `127.0.0.1:${router.port}`];
  expect(await command(["pull", "m", ...server])).toEqual({
    status: 1,
    out: "",
    err: "no backend is an Ollama, and no other engine manages models\n",
  });
  expect(await command(["pull", "", "--backend", "a", ...server])).toEqual({
    status: 1,
    out: "",
    err: "a: invalid model name\n",
  });
});
