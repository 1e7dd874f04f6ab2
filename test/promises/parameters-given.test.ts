/** Below /v1 as elsewhere: a default is for who says nothing, a force for everybody, and no other byte is touched. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type Listener, listenerOf } from "../support/listener.ts";

const TOML = `
[aliases]
plain = "m"
mild = { targets = ["m"], options = { temperature = 0.5, num_predict = 100, stop = ["a", "b"], seed = 7 } }
hard = { targets = ["m"], force = { options = { temperature = 0.5, num_predict = 100, stop = ["a", "b"], seed = 7 } } }
below = { targets = ["m"], options = { num_predict = -1, seed = -1 } }
hard-below = { targets = ["m"], force = { options = { num_predict = -2, seed = -5 } } }
beneath = { targets = ["m"], options = { num_predict = 9, seed = 9 }, force = { options = { num_predict = -1, seed = -1 } } }
nought = { targets = ["m"], options = { num_predict = 0, seed = 0, temperature = 0 } }
`;

/** What a client sends, and what the engine hears where it is a default, and where it is forced. Each names the model. */
type Row = readonly [sent: string, mild: string, hard: string];

const CHAT: readonly Row[] = [
  [
    '{"model":M}',
    '{"temperature":0.5,"num_predict":100,"stop":["a","b"],"seed":7,"model":M}',
    '{"temperature":0.5,"num_predict":100,"stop":["a","b"],"seed":7,"model":M}',
  ],
  [
    '{"model":M,"temperature":1.0,"max_tokens":5,"stop":"x","seed":18446744073709551615}',
    '{"model":M,"temperature":1.0,"max_tokens":5,"stop":"x","seed":18446744073709551615}',
    '{"model":M,"temperature":0.5,"max_tokens":100,"stop":["a","b"],"seed":7}',
  ],
  [
    '{"model":M,"temperature":null,"max_tokens":null,"stop":null,"seed":null}',
    '{"model":M,"temperature":0.5,"max_tokens":100,"stop":["a","b"],"seed":7}',
    '{"model":M,"temperature":0.5,"max_tokens":100,"stop":["a","b"],"seed":7}',
  ],
  // a zero, and a list of nothing, are something
  [
    '{"model":M,"temperature":0,"max_tokens":0,"stop":[],"seed":0}',
    '{"model":M,"temperature":0,"max_tokens":0,"stop":[],"seed":0}',
    '{"model":M,"temperature":0.5,"max_tokens":100,"stop":["a","b"],"seed":7}',
  ],
  // of duplicates the last counts, and all are forced, so that no engine reads another
  [
    '{"seed":1,"model":M,"seed":null,"temperature":1,"stop":"x","max_tokens":1}',
    '{"seed":1,"model":M,"seed":7,"temperature":1,"stop":"x","max_tokens":1}',
    '{"seed":7,"model":M,"seed":7,"temperature":0.5,"stop":["a","b"],"max_tokens":100}',
  ],
  // deeper down nothing is meant
  [
    '{"x":{"temperature":2,"stop":["y"]},"model":M,"temperature":1,"seed":1,"stop":"x","max_tokens":1 } tail',
    '{"x":{"temperature":2,"stop":["y"]},"model":M,"temperature":1,"seed":1,"stop":"x","max_tokens":1 } tail',
    '{"x":{"temperature":2,"stop":["y"]},"model":M,"temperature":0.5,"seed":7,"stop":["a","b"],"max_tokens":100 } tail',
  ],
];

/** The same rows with the names that a path has for the fields; one that it lacks goes untouched. */
const PATHS: readonly (readonly [path: string, rows: readonly Row[]])[] = [
  ["/v1/chat/completions", CHAT],
  ["/v1/completions", CHAT],
  [
    "/v1/messages",
    [
      [
        '{"model":M,"seed":1}',
        '{"temperature":0.5,"max_tokens":100,"stop_sequences":["a","b"],"model":M,"seed":1}',
        '{"temperature":0.5,"max_tokens":100,"stop_sequences":["a","b"],"model":M,"seed":1}',
      ],
      [
        '{"max_tokens":5,"model":M,"stop_sequences":["x"],"stop":"y","temperature":null}',
        '{"max_tokens":5,"model":M,"stop_sequences":["x"],"stop":"y","temperature":0.5}',
        '{"max_tokens":100,"model":M,"stop_sequences":["a","b"],"stop":"y","temperature":0.5}',
      ],
    ],
  ],
  [
    "/v1/responses",
    [
      [
        '{"model":M,"input":"x","seed":1}',
        '{"temperature":0.5,"max_output_tokens":100,"model":M,"input":"x","seed":1}',
        '{"temperature":0.5,"max_output_tokens":100,"model":M,"input":"x","seed":1}',
      ],
      [
        '{"model":M,"max_output_tokens":5,"max_tokens":6,"temperature":1e0}',
        '{"model":M,"max_output_tokens":5,"max_tokens":6,"temperature":1e0}',
        '{"model":M,"max_output_tokens":100,"max_tokens":6,"temperature":0.5}',
      ],
    ],
  ],
];

let listener: Listener;
beforeAll(async () => {
  listener = await listenerOf("sglang", TOML);
});
afterAll(() => listener[Symbol.asyncDispose]());

describe.each(PATHS)("%s", (path, rows) => {
  test.each(rows)("%s", async (sent, mild, hard) => {
    const hear = (name: string): Promise<string> => listener.hear(path, sent.replace("M", `"${name}"`));
    const written = (body: string): string =>
      body.replace("M", '"m"').replace('"num_predict"', '"max_tokens"');
    expect(await hear("plain")).toBe(written(sent));
    expect(await hear("mild")).toBe(written(mild));
    expect(await hear("hard")).toBe(written(hard));
  });

  test.each(["below", "hard-below", "beneath"])(
    "no limit and any seed are said by saying nothing: %s",
    async (name) => {
      expect(await listener.hear(path, `{"model":"${name}"}`)).toBe('{"model":"m"}');
      const said = '"max_tokens":5,"max_output_tokens":5,"seed":5}';
      expect(await listener.hear(path, `{"model":"${name}",${said}`)).toBe(`{"model":"m",${said}`);
    },
  );
});

test("zeros are values as any other", async () => {
  expect(await listener.hear("/v1/completions", '{"model":"nought"}')).toBe(
    '{"max_tokens":0,"seed":0,"temperature":0,"model":"m"}',
  );
});
