/** What is asked of models changes with the configuration, at each level, for all requests that are not under way yet. */

import { expect, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { eventually } from "../support/eventually.ts";
import { goRead, type Said } from "../support/go-request.ts";
import { routerOver } from "../support/over.ts";
import { ollama, post, QUIET, stageOf } from "../support/parameter-stage.ts";
import { change, save } from "../support/reloading.ts";
import { waiting } from "../support/status.ts";

/** A configuration in which each of the levels says something of an option of its own. */
function toml(engines: Readonly<Record<string, { readonly url: string }>>, value: number, more = ""): string {
  const lines = `engine = "ollama"\nforce = { options = { top_k = ${value} } }\n${more}`;
  return [
    `${QUIET}[defaults]\noptions = { seed = ${value} }`,
    ...Object.entries(engines).map(([name, { url }]) => backendTable(name, url, lines)),
    `[models]\nm = { options = { num_gpu = ${value} }, keep_alive = ${value} }`,
    `[aliases]\na = { targets = ["m"], force = { options = { num_ctx = ${value} } } }\n`,
  ].join("\n");
}

/** What an engine reads where each level says this value. */
function saidBy(value: number): Said {
  const options = Object.fromEntries(["seed", "top_k", "num_gpu", "num_ctx"].map((key) => [key, `${value}`]));
  return { options, keep_alive: `${value}` };
}

test("each level follows a reload", async () => {
  await using stage = await stageOf(["m"], '[aliases]\na = "m"\n');
  const gpu = stage.engine;
  const ask = async (): Promise<Said> => goRead(await stage.sent('{"model":"a"}'));
  expect(await ask()).toEqual({ options: {} });
  for (const value of [1, 2, 1]) {
    await change(stage.router, toml({ gpu }, value));
    expect(await ask()).toEqual(saidBy(value));
  }
  // a file with a mistake changes nothing
  await save(stage.router, toml({ gpu }, 3).replace("num_ctx", "num_ctxt"));
  await stage.router.log.until(/event="configuration not loaded"/);
  expect(await ask()).toEqual(saidBy(1));
  await change(stage.router, `${backendTable("gpu", gpu.url, 'engine = "ollama"')}[aliases]\na = "m"`);
  expect(await stage.sent('{"model":"a"}')).toBe('{"model":"m"}');
});

test("a saved file is enough", async () => {
  await using stage = await stageOf(["m"], "");
  await save(stage.router, toml({ gpu: stage.engine }, 5));
  const seen = await eventually(
    async () => goRead(await stage.sent('{"model":"m"}')).options["seed"],
    (seed) => seed !== undefined,
  );
  expect(seen).toBe("5");
});

async function untilOneWaits(router: { readonly url: string }): Promise<void> {
  await eventually(
    () => waiting(router),
    (count) => count === 1,
  );
}

test.each([0, 1])("one that waited in line gets what is in force at its turn (backend %p)", async (which) => {
  await using first = await ollama(["m"]);
  await using second = await ollama(["m"]);
  const engines = [first, second];
  const tomlOf = (value: number): string => toml({ first, second }, value, "max_inflight = 1");
  await using router = await routerOver({}, tomlOf(1));
  for (const name of ["first", "second"]) await router.log.until(new RegExp(`"backend up" backend=${name} `));
  for (const engine of engines) engine.behave(() => {});
  const asked = [post(router, '{"model":"a"}'), post(router, '{"model":"a"}')];
  const before = await Promise.all(engines.map((engine) => engine.talk(0)));
  asked.push(post(router, '{"model":"a"}'));
  await untilOneWaits(router);
  await change(router, tomlOf(2));
  await before[which]?.answer(200, "{}");
  const after = await engines[which]?.talk(1);
  for (const { body } of before) expect(goRead(body.toString())).toEqual(saidBy(1));
  expect(goRead(String(after?.body))).toEqual(saidBy(2));
  await Promise.all([after, before[1 - which]].map((talk) => talk?.answer(200, "{}")));
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
});

test("one that waited in line while parameters came, or went", async () => {
  await using gpu = await ollama(["m"]);
  const alone = "max_inflight = 1";
  const bare = `${QUIET}${backendTable("gpu", gpu.url, `engine = "ollama"\n${alone}`)}[aliases]\na = "m"\n`;
  await using router = await routerOver({}, bare);
  await router.log.until(/"backend up" backend=gpu /);
  gpu.behave(() => {});
  const steps: [string, Said][] = [
    [toml({ gpu }, 2, alone), saidBy(2)],
    [bare, { options: {} }],
  ];
  for (const [step, [next, said]] of steps.entries()) {
    const held = post(router, '{"model":"a"}');
    const first = await gpu.talk(2 * step);
    const late = post(router, '{"model":"a"}');
    await untilOneWaits(router);
    await change(router, next);
    await first.answer(200, "{}");
    const second = await gpu.talk(2 * step + 1);
    await second.answer(200, "{}");
    await Promise.all([held, late]);
    expect(goRead(second.body.toString())).toEqual(said);
  }
});
