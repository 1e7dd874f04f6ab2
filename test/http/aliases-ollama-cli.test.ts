/** The stock `ollama` command manages aliases: its calls, byte for byte, are answered as if an alias were a model. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { rawBackend } from "../support/backend.ts";
import { cliCalls, runCli } from "../support/cli-calls.ts";
import { routerOver } from "../support/over.ts";

/** The captured commands, in an order in which each has what it had then, and the names that are aliases here. */
const COMMANDS: readonly (readonly [command: string, names?: Readonly<Record<string, string>>])[] = [
  ["ollama cp tiny tinycli"],
  ["ollama cp nosuch y"],
  ["ollama list"],
  ["ollama show tiny", { tiny: "tinycli" }],
  ["ollama show tiny --modelfile", { tiny: "tinycli" }],
  ["ollama show tiny -v", { tiny: "tinycli" }],
  ["ollama run tiny hi", { tiny: "tinycli" }],
  ["ollama run tiny hi --verbose --keepalive 10m --format json", { tiny: "tinycli" }],
  ["ollama run tinyembed hi", { tinyembed: "tinycli" }],
  ["ollama stop tiny", { tiny: "tinycli" }],
  ["ollama rm tinycli"],
  ["ollama rm nosuch"],
  ["ollama cp tiny a1"],
  ["ollama cp tiny a2"],
  ["ollama rm a1 a2"],
  ["ollama show nosuch", { nosuch: "a1" }],
];

describe("in front of an Ollama", () => {
  let stage: AliasStage;
  beforeAll(async () => {
    stage = await aliasStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each(COMMANDS)("%s %j", async (command, names = {}) => {
    const heard = stage.engine.deeds.length;
    const calls = cliCalls(command, names);
    expect(calls.length).toBeGreaterThan(1);
    const answers = await runCli(stage.router, command, names);
    expect(answers.map(({ status }) => status)).toEqual(calls.map(({ status }) => status));
    // what is asked of an alias is asked of its model, and what is done to it of nobody
    const asked = calls
      .filter(({ path, status }) => status === 200 && /^\/api\/(show|generate|embed)$/.test(path))
      .map(({ method, path, body }) => `${method} ${path} ${body}`)
      .map((deed) => deed.replaceAll(/"(model|name)":"[^"]*"/g, '"$1":"tiny:latest"'));
    expect(stage.engine.deeds.slice(heard)).toEqual(asked);
  });

  test("ollama list shows what ollama cp made, with all the model has", async () => {
    await runCli(stage.router, "ollama cp tiny tinycli");
    const [, list] = await runCli(stage.router, "ollama list");
    const { models } = JSON.parse(list?.body ?? "") as { models: { name: string; digest: string }[] };
    expect(models.map(({ name }) => name).sort()).toEqual(["other:latest", "tiny:latest", "tinycli:latest"]);
    const digestOf = (name: string): string | undefined =>
      models.find((model) => model.name === name)?.digest;
    expect(digestOf("tinycli:latest")).toBe(digestOf("tiny:latest"));
    await runCli(stage.router, "ollama rm tinycli");
  });

  test("an alias of what nobody has goes by ollama rm, which finds nothing to unload", async () => {
    await setAliases(stage, { alias: "nosuch", target: "gone" });
    const answers = await runCli(stage.router, "ollama rm nosuch");
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(await aliasList(stage)).toEqual([]);
  });

  test("cp and then rm of the old name give an alias another name", async () => {
    const entry = { target: "tiny", targets: ["tiny", "other"], strategy: "order", echo: false };
    await setAliases(stage, { alias: "a1", ...entry });
    await runCli(stage.router, "ollama cp tiny tinycli", { tiny: "a1", tinycli: "a2" });
    await runCli(stage.router, "ollama rm tinycli", { tinycli: "a1" });
    expect(await aliasList(stage)).toEqual([{ alias: "a2", ...entry }]);
    expect(await stage.ask("a2")).toBe("tiny:latest");
    expect(await stage.ask("a1")).toStartWith("404 model 'a1' not found");
  });
});

test("in front of an engine that has no copies, cp, list, show and rm work all the same", async () => {
  await using engine = await rawBackend(["tiny"], (talk) => talk.answer(404, "{}"));
  await using router = await routerOver({ box: { url: engine.url, engine: "openai" } });
  const statuses = async (...asked: Parameters<typeof cliCalls>): Promise<number[]> =>
    (await runCli(router, ...asked)).map(({ status }) => status);
  expect(await statuses("ollama cp tiny tinycli")).toEqual([200, 200]);
  expect((await runCli(router, "ollama list"))[1]?.body).toContain('"tinycli:latest"');
  expect(await statuses("ollama show tiny", { tiny: "tinycli" })).toEqual([200, 200]);
  // the command warns that it could not unload the model, and goes on
  expect(await statuses("ollama rm tinycli")).toEqual([200, 200, 501, 200]);
  expect((await runCli(router, "ollama list"))[1]?.body).not.toContain("tinycli");
  expect(engine.talks).toEqual([]);
});
