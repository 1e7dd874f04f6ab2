/**
 * The truth table over the wire: what all models, a backend, a model and an alias ask, by default and by force, what the
 * request says, and what the engine gets for it, on each of Ollama's paths, byte for byte.
 */

import { expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import { PATHS, QUIET, type Stage, stageOf } from "../support/parameter-stage.ts";
import { change } from "../support/reloading.ts";

// some three thousand requests, and sixteen configurations
setDefaultTimeout(60_000);

/** Whether a level says something by default, and by force. */
const SAYS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;
type Says = (typeof SAYS)[number];

/** What level `n` says: `n` thousand tokens by default and `n` thousand five hundred by force, and as many seconds. */
function lines(level: number, [byDefault, byForce]: Says): string[] {
  const values = (tokens: number): string[] => [
    `options = { num_ctx = ${tokens} }`,
    `keep_alive = ${tokens}`,
  ];
  return [
    ...(byDefault ? values(1000 * level) : []),
    ...(byForce ? [`force = { ${values(1000 * level + 500).join(", ")} }`] : []),
  ];
}

/** The innermost force, else the request's own, else the innermost default: by hand, level by level. */
function expected(levels: readonly Says[], asked: number | undefined): number | undefined {
  let found: number | undefined;
  for (const [index, [byDefault]] of levels.entries()) if (byDefault) found = 1000 * (index + 1);
  found = asked ?? found;
  for (const [index, [, byForce]] of levels.entries()) if (byForce) found = 1000 * (index + 1) + 500;
  return found;
}

const MODELS = SAYS.map((says, index) => ({ name: `model-${index}`, says }));
const ALIASES = MODELS.flatMap((model) =>
  SAYS.map((says, index) => ({ name: `alias-${index}-${model.name}`, model, says })),
);

function tomlOf(stage: Stage, all: Says, backend: Says): string {
  const models = MODELS.map(({ name, says }) => `"${name}" = { ${lines(3, says).join(", ")} }`);
  const aliases = ALIASES.map(
    ({ name, model, says }) =>
      `"${name}" = { ${['targets = ["' + model.name + '"]', ...lines(4, says)].join(", ")} }`,
  );
  return [
    `${QUIET}[defaults]\n${lines(1, all).join("\n")}`,
    backendTable("gpu", stage.engine.url, `engine = "ollama"\n${lines(2, backend).join("\n")}`),
    `[models]\n${models.filter((line) => !line.endsWith("{  }")).join("\n")}`,
    `[aliases]\n${aliases.join("\n")}\n`,
  ].join("\n");
}

/** A request that says nothing, one that says null, and one that says something: as it is sent, and as it arrives. */
function bodies(name: string, model: string, levels: readonly Says[]): [sent: string, arrives: string][] {
  const value = expected(levels, undefined);
  const own = expected(levels, 9);
  const fill = value === undefined ? "" : `"options":{"num_ctx":${value}},"keep_alive":${value},`;
  const nulls = value === undefined ? '"options":null,"keep_alive":null' : fill.slice(0, -1);
  return [
    [`{"model":"${name}","x":[1.0]}`, `{${fill}"model":"${model}","x":[1.0]}`],
    [`{"model":"${name}","options":null,"keep_alive":null}`, `{"model":"${model}",${nulls}}`],
    [
      `{"options": {"seed":1,"num_ctx":9},"model":"${name}","keep_alive" : 9}`,
      `{"options": {"seed":1,"num_ctx":${own}},"model":"${model}","keep_alive" : ${own}}`,
    ],
  ];
}

test("for each level, by default or by force or both, and for each request", async () => {
  await using stage = await stageOf(
    MODELS.map(({ name }) => name),
    "",
  );
  let rows = 0;
  for (const all of SAYS) {
    for (const backend of SAYS) {
      await change(stage.router, tomlOf(stage, all, backend));
      const direct = MODELS.map((model) => ({ name: model.name, model, levels: [all, backend, model.says] }));
      const named = ALIASES.map(({ name, model, says }) => ({
        name,
        model,
        levels: [all, backend, model.says, says],
      }));
      for (const { name, model, levels } of [...direct, ...named]) {
        for (const [sent, arrives] of bodies(name, model.name, levels)) {
          for (const path of PATHS) {
            const got = await stage.sent(sent, path);
            if (got !== arrives)
              expect({ levels, path, sent, got }).toEqual({ levels, path, sent, got: arrives });
            rows++;
          }
        }
      }
    }
  }
  expect(rows).toBe(4 * 4 * (4 + 16) * 3 * 4);
});
