/** How long a model stays in memory is said to an LM Studio in whole seconds, as its `ttl`; what seconds cannot say is not. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type Listener, listenerOf } from "../support/listener.ts";

/** A `keep_alive` as TOML, and the seconds that are sent. */
const TTLS: readonly (readonly [name: string, toml: string, ttl: number | undefined])[] = [
  ["minutes", '"30m"', 1800],
  ["days", '"1d"', 86_400],
  ["a-number", "90", 90],
  ["digits", '"90"', 90],
  ["nothing", "0", 0],
  ["thousandths", '"3000ms"', 3],
  ["for-ever", "-1", undefined],
  ["for-ever-too", '"-1h"', undefined],
  ["a-part-of-one", '"1500ms"', undefined],
];

const TOML = [
  "[aliases]",
  ...TTLS.flatMap(([name, toml]) => [
    `d-${name} = { targets = ["m"], keep_alive = ${toml} }`,
    `f-${name} = { targets = ["m"], force = { keep_alive = ${toml} } }`,
  ]),
].join("\n");

let listener: Listener;
beforeAll(async () => {
  listener = await listenerOf("lmstudio", TOML);
});
afterAll(() => listener[Symbol.asyncDispose]());

test.each(TTLS)("%s: %s", async (name, _, ttl) => {
  const said = ttl === undefined ? "" : `"ttl":${ttl},`;
  for (const path of ["/v1/chat/completions", "/v1/completions"]) {
    expect(await listener.hear(path, `{"model":"d-${name}"}`)).toBe(`{${said}"model":"m"}`);
    expect(await listener.hear(path, `{"model":"f-${name}"}`)).toBe(`{${said}"model":"m"}`);
    expect(await listener.hear(path, `{"ttl":5,"model":"d-${name}"}`)).toBe('{"ttl":5,"model":"m"}');
    const forced = `{"ttl":${ttl ?? 5},"model":"m"}`;
    expect(await listener.hear(path, `{"ttl":5,"model":"f-${name}"}`)).toBe(forced);
  }
});

test("a keep_alive of the client's own is none of LM Studio's fields, and passes", async () => {
  const sent = '{"keep_alive":"5m","model":"f-minutes"}';
  const heard = '{"ttl":1800,"keep_alive":"5m","model":"m"}';
  expect(await listener.hear("/v1/chat/completions", sent)).toBe(heard);
});
