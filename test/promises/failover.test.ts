/** Machines may be switched off and on at any time: whoever else has the model answers, and nobody notices. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { deafPort } from "../support/deaf-port.ts";
import { routerOver } from "../support/over.ts";
import { chat, goodFor, heard, pairOf, tomlOf } from "../support/pair.ts";
import { ALL_SHAPES, SHAPES } from "../support/shapes.ts";

test.each(SHAPES)(
  "one that is switched off is passed over, and used again once it is back ($dialect)",
  async (shape) => {
    await using pair = await pairOf(shape);
    const { first, second, router, ask } = pair;
    await first.stop();
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
    await router.log.until(/event="backend down" backend=first .*connection refused/);
    // it is known to be down
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "second" } });
    await first.start();
    // whoever has no other place makes the router look again
    expect(await heard(await ask("alone"))).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    await second.stop();
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
  },
);

test.each(ALL_SHAPES)("all switched off: 503 with Retry-After, and why ($dialect)", async (shape) => {
  await using pair = await pairOf(shape, { health: { probe_interval: "50ms" } });
  const { first, second, router, ask } = pair;
  await Promise.all([first.stop(), second.stop()]);
  for (const name of ["first", "second"])
    await router.log.until(new RegExp(`event="backend down" backend=${name} `));
  const answer = await ask();
  expect(answer.headers.get("retry-after")).toBe("5");
  const why = 'no backend that has "m" is up (first: connection refused; second: connection refused)';
  expect(await heard(answer)).toMatchObject({ status: 503, body: shape.error(why, 503) });
});

test.each(SHAPES)(
  "a machine without power delays no one once it is known to be ($dialect)",
  async (shape) => {
    const { engine, kind, path } = shape;
    await using deaf = await deafPort();
    await using second = await rawBackend(["m"], goodFor("second"), kind);
    const backends = { first: { url: deaf.url, engine, priority: 200 }, second: { url: second.url, engine } };
    const health = { probe_interval: "100ms", probe_timeout: "300ms" };
    await using router = await routerOver(backends, tomlOf({ health, timeouts: { connect: "1h" } }));
    await deaf.goDeaf();
    await router.log.until(/event="backend down" backend=first/);
    const answer = await within(10_000, chat(router, path, "m"));
    expect(await heard(answer)).toEqual({ status: 200, attempts: 1, body: { by: "second" } });
  },
);
