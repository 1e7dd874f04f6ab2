/** A backend that nothing gets to any more is passed over, is held to have failed, and is told of by its right status. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { deafPort } from "../support/deaf-port.ts";
import { eventually } from "../support/eventually.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { chat, goodFor, heard, pairOf, tomlOf } from "../support/pair.ts";
import { ALL_SHAPES, SHAPES } from "../support/shapes.ts";
import { backendNamed } from "../support/status.ts";
import { WAYS } from "../support/unreachable.ts";

const SECTIONS = { timeouts: { connect: "800ms", first_byte: "5s" }, health: { probe_timeout: "800ms" } };

/**
 * For each dialect a backend that is the only one that can serve it, and one that has another behind it. All of them
 * are at the address that is lost. They are also the names that clients ask for.
 */
const LOST = ALL_SHAPES.flatMap(({ dialect, engine }) => [
  { name: `${dialect}-alone`, engine, backends: [`${dialect}-alone`] },
  { name: `${dialect}-first`, engine, backends: [`${dialect}-first`, "second"] },
]);

const ALIASES = LOST.map(({ name, backends }) => {
  const targets = backends.map((backend) => `{ model = "m", backend = "${backend}" }`);
  return `${name} = { targets = [${targets.join(", ")}], strategy = "order" }\n`;
});

describe.each(WAYS)("a backend that $name", ({ why, isLate, open }) => {
  const stage = new AsyncDisposableStack();
  let router: Mellamo;

  beforeAll(async () => {
    const lost = stage.use(await open());
    const second = stage.use(await rawBackend(["m"], goodFor("second"), "ollama"));
    const tables = LOST.map(({ name, engine }): [string, BackendTable] => [name, { url: lost.url, engine }]);
    const backends = { ...Object.fromEntries(tables), second: { url: second.url, engine: "ollama" } };
    const toml = `${tomlOf(SECTIONS)}[aliases]\n${ALIASES.join("")}`;
    router = stage.use(await routerOver(backends, toml, lost.place));
    for (const { name } of LOST) expect((await backendNamed(name, router)).up).toBe(true);
    await lost.lose();
  });

  afterAll(() => stage.disposeAsync());

  /** Once by the request, and once by the look that the router takes because of it. */
  async function expectFailed(name: string): Promise<void> {
    const { trouble } = await eventually(
      () => backendNamed(name, router),
      ({ up, breaker }) => !up && breaker.failures === 2,
    );
    expect(trouble).toBe(isLate ? "no answer in time" : why);
  }

  test.concurrent.each(ALL_SHAPES)(
    "has failed, and the next is asked ($dialect)",
    async ({ dialect, path }) => {
      const answer = await chat(router, path, `${dialect}-first`);
      expect(await heard(answer)).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
      await expectFailed(`${dialect}-first`);
    },
  );

  test.concurrent.each(ALL_SHAPES)(
    "has failed, and without a next the client is told ($dialect)",
    async ({ dialect, path, error }) => {
      const answer = await chat(router, path, `${dialect}-alone`);
      const status = isLate ? 504 : 502;
      const told = isLate ? "no backend has answered in time" : "no backend could be reached";
      expect(answer.headers.get("x-should-retry")).toBe("false");
      expect(await heard(answer)).toEqual({
        status,
        attempts: 1,
        body: error(`${told}: ${dialect}-alone: ${why}`, status),
      });
      await expectFailed(`${dialect}-alone`);
    },
  );
});

test.concurrent.each(ALL_SHAPES)(
  "where one is late and one refuses, not all were late: 502 ($dialect)",
  async (shape) => {
    const { engine, path, error } = shape;
    await using late = await deafPort();
    await using gone = await rawBackend(["m"], () => {}, "both");
    await using router = await routerOver(
      { late: { url: late.url, engine, priority: 200 }, gone: { url: gone.url, engine } },
      tomlOf(SECTIONS),
    );
    await late.goDeaf();
    await gone.stop();
    expect(await heard(await chat(router, path, "m"))).toEqual({
      status: 502,
      attempts: 2,
      body: error("no backend could be reached: late: connection timed out; gone: connection refused", 502),
    });
  },
);

test.each(SHAPES)("one that works on a request and takes no more is heard out ($dialect)", async (shape) => {
  await using pair = await pairOf(shape, { timeouts: { connect: "600ms" } });
  const { first, ask, state } = pair;
  first.behave(async (talk) => {
    first.retire();
    await Bun.sleep(1200);
    await goodFor("first")(talk);
  });
  expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
  expect((await state()).breaker.failures).toBe(0);
});
