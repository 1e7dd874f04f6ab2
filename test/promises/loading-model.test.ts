/** A backend that is still loading its model is waited for, in growing pauses, unless another has the model already. */

import { describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { LLAMA_LOADING } from "../support/engine-shapes.ts";
import { eventually } from "../support/eventually.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { routerOver } from "../support/over.ts";
import { chat, goodFor, heard, markOf, pairOf, tomlOf } from "../support/pair.ts";
import { OLLAMA, OPENAI, type Shape, SHAPES } from "../support/shapes.ts";
import { backendNamed, backends } from "../support/status.ts";

/** What llama-server answers to everything until its model is there. */
const LOADING = { error: { message: "Loading model", type: "unavailable_error", code: 503 } };

const loading: Behaviour = (talk) => talk.answer(503, JSON.stringify(LOADING));

/** The first failure would open a breaker. */
const HEALTH = { failures: 1 };

/** Of an Ollama it is known what it has in memory, in whichever dialect it is asked. */
const OLLAMAS: readonly Shape[] = [OLLAMA, { ...OPENAI, engine: "ollama", kind: "ollama" }];

describe.each(OLLAMAS)("in $dialect's dialect", (shape) => {
  test("it is asked again until it answers, although another could load the model", async () => {
    await using pair = await pairOf(shape, { health: HEALTH });
    const { first, second, ask, state } = pair;
    first.behave((talk) => (first.talks.length < 5 ? loading(talk) : goodFor("first")(talk)));
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 5, body: { by: "first" } });
    expect(second.talks).toEqual([]);
    expect(await state()).toMatchObject({
      up: true,
      breaker: { state: "closed", failures: 0 },
      resting_until: null,
    });
  });

  test("it is left once another has the model, and at once if another has had it before", async () => {
    await using pair = await pairOf(shape, { health: { ...HEALTH, probe_interval: "100ms" } });
    const { first, second, ask, state } = pair;
    first.behave((talk) => {
      if (first.talks.length === 3) second.list(["m"], ["m"]);
      return loading(talk);
    });
    expect(await heard(await ask())).toMatchObject({ status: 200, body: { by: "second" } });
    expect(first.talks.length).toBeGreaterThanOrEqual(3);
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
    expect((await state()).breaker).toMatchObject({ state: "closed", failures: 0 });
  });

  test("it is given up after `first_byte`: the next is asked, or its own words are the answer", async () => {
    await using pair = await pairOf(shape, { health: HEALTH }, { first_byte: "1500ms" });
    const { first, ask, state } = pair;
    first.behave(loading);
    const [withNext, alone] = await Promise.all([ask("m", "with next"), ask("alone", "alone")]);
    expect(await heard(withNext)).toMatchObject({ status: 200, body: { by: "second" } });
    expect(await heard(alone)).toMatchObject({ status: 503, body: LOADING });
    for (const mark of ["with next", "alone"]) {
      const tries = first.talks.filter((talk) => markOf(talk) === mark).length;
      expect(tries).toBeGreaterThan(1);
      // with pauses that do not grow they would be some fifteen
      expect(tries).toBeLessThan(10);
    }
    expect((await state()).breaker).toMatchObject({ state: "closed", failures: 0 });
  });
});

/** A single model counts as loaded until a look tells otherwise, which may be a while after a restart. */
test.each(SHAPES)("it is not asked twice before one that has the model ($dialect)", async (shape) => {
  await using pair = await pairOf(shape, { health: { ...HEALTH, probe_interval: "50ms" } });
  const { first, second, ask, router } = pair;
  for (const engine of [first, second]) engine.list(["m"], ["m"]);
  await eventually(
    () => backends(router),
    (all) => all.every(({ models }) => models.length === 1 && models.every(({ loaded }) => loaded)),
  );
  first.behave(loading);
  expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
  expect(first.talks).toHaveLength(1);
});

test("a llama-server that was restarted has not even a list to show, and is waited for all the same", async () => {
  await using server = fakeEngine({ pages: { "/v1/models": { data: [{ id: "m" }] } } });
  await using router = await routerOver(
    { first: { url: server.url, engine: "llamacpp" } },
    tomlOf({ health: { ...HEALTH, probe_interval: "100ms" } }),
  );
  server.become(LLAMA_LOADING);
  await eventually(
    () => backendNamed("first", router),
    ({ up }) => !up,
  );
  const asking = chat(router, OPENAI.path, "m");
  await eventually(
    () => server.asked.filter((path) => path === OPENAI.path).length,
    (tries) => tries > 2,
  );
  expect((await backendNamed("first", router)).breaker).toMatchObject({ state: "closed", failures: 0 });
  server.say(OPENAI.path, { by: "first" });
  expect(await heard(await asking)).toMatchObject({ status: 200, body: { by: "first" } });
});
