/** Below /v1 an option becomes the field that has its meaning there, if the engine has such a field, and nothing else. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";

import { listenerOf } from "../support/listener.ts";

// hundreds of requests, each on a connection of its own
setDefaultTimeout(30_000);

/** Every option there is, with a value as TOML and JSON both write it. */
const VALUES: Readonly<Record<string, string>> = {
  temperature: "0.5",
  top_p: "0.9",
  seed: "7",
  stop: '["a","b"]',
  presence_penalty: "0.25",
  frequency_penalty: "-0.5",
  num_predict: "100",
  top_k: "40",
  min_p: "0.05",
  typical_p: "0.7",
  tfs_z: "1.5",
  repeat_last_n: "64",
  repeat_penalty: "1.1",
  penalize_newline: "true",
  mirostat: "2",
  mirostat_tau: "5.5",
  mirostat_eta: "0.1",
  num_keep: "4",
  num_ctx: "8192",
  num_batch: "512",
  num_gpu: "99",
  num_thread: "8",
  use_mmap: "false",
  a_newer_one: '"x"',
};

type Fields = Readonly<Record<string, string>>;

const SAMPLING = { temperature: "temperature", top_p: "top_p" };
const COMPLETION: Fields = {
  ...SAMPLING,
  seed: "seed",
  stop: "stop",
  presence_penalty: "presence_penalty",
  frequency_penalty: "frequency_penalty",
  num_predict: "max_tokens",
};
const RESPONSES: Fields = { ...SAMPLING, num_predict: "max_output_tokens" };
const MESSAGES: Fields = { ...SAMPLING, top_k: "top_k", stop: "stop_sequences", num_predict: "max_tokens" };

/** What engines take beside OpenAI's fields, in chats and completions. */
const EXTRAS: Readonly<Record<string, Fields>> = {
  ollama: {},
  openai: {},
  lmstudio: { top_k: "top_k", repeat_penalty: "repeat_penalty", keep_alive: "ttl" },
  llamacpp: {
    top_k: "top_k",
    min_p: "min_p",
    typical_p: "typical_p",
    repeat_last_n: "repeat_last_n",
    repeat_penalty: "repeat_penalty",
    mirostat: "mirostat",
    mirostat_tau: "mirostat_tau",
    mirostat_eta: "mirostat_eta",
    num_keep: "n_keep",
  },
  vllm: { top_k: "top_k", min_p: "min_p", repeat_penalty: "repetition_penalty" },
  sglang: { top_k: "top_k", min_p: "min_p", repeat_penalty: "repetition_penalty" },
};

const KEEP_ALIVE = { toml: '"10m"', json: "600" };

/** An alias for each option as a default, and as a force. */
const TOML = [
  "[aliases]",
  ...Object.entries(VALUES).flatMap(([name, value]) => [
    `d-${name} = { targets = ["m"], options = { ${name} = ${value} } }`,
    `f-${name} = { targets = ["m"], force = { options = { ${name} = ${value} } } }`,
  ]),
  `d-keep_alive = { targets = ["m"], keep_alive = ${KEEP_ALIVE.toml} }`,
  `f-keep_alive = { targets = ["m"], force = { keep_alive = ${KEEP_ALIVE.toml} } }`,
].join("\n");

const OPTIONS = [...Object.entries(VALUES), ["keep_alive", KEEP_ALIVE.json] as const];

describe.each(Object.keys(EXTRAS))("%s", (engine) => {
  const extras = EXTRAS[engine] ?? {};
  const paths: [path: string, fields: Fields][] = [
    ["/v1/chat/completions", { ...COMPLETION, ...extras }],
    ["/v1/completions", { ...COMPLETION, ...extras }],
    ["/v1/responses", RESPONSES],
  ];
  // OpenAI has no Anthropic dialect
  if (engine !== "openai") paths.push(["/v1/messages", MESSAGES]);

  test("each option has its field on each path, or none", async () => {
    await using listener = await listenerOf(engine, TOML);
    for (const [path, fields] of paths) {
      for (const [name, value] of OPTIONS) {
        const field = fields[name];
        const filled = field === undefined ? "" : `"${field}":${value},`;
        for (const how of ["d", "f"]) {
          const heard = await listener.hear(path, `{ "model": "${how}-${name}", "x": 1.0 }`);
          // told together with where it happened
          expect([path, name, how, heard]).toEqual([path, name, how, `{${filled} "model": "m", "x": 1.0 }`]);
        }
      }
    }
  });
});
