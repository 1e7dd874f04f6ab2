/** OpenAI has two names for the longest answer: whichever a client uses is meant, and a force is said where it is read. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type Listener, listenerOf } from "../support/listener.ts";

const TOML = `
[aliases]
mild = { targets = ["m"], options = { num_predict = 100 } }
hard = { targets = ["m"], force = { options = { num_predict = 100 } } }
`;

const CHAT = "/v1/chat/completions";

type Row = readonly [sent: string, mild: string, hard: string];

const OLD = '"max_tokens"';
const NEW = '"max_completion_tokens"';

const ROWS: readonly Row[] = [
  ["", `${OLD}:100,`, `${OLD}:100,`],
  [`${OLD}:5,`, `${OLD}:5,`, `${OLD}:100,`],
  [`${NEW}:5,`, `${NEW}:5,`, `${NEW}:100,`],
  [`${NEW}:null,`, `${NEW}:100,`, `${NEW}:100,`],
  [`${OLD}:null,${NEW}:5,`, `${OLD}:null,${NEW}:5,`, `${OLD}:100,${NEW}:100,`],
  [`${NEW}:6,${OLD}:5,`, `${NEW}:6,${OLD}:5,`, `${NEW}:100,${OLD}:100,`],
];

/** An Ollama reads over the newer one: it takes no part in what is forced. */
const OLLAMA_ROWS: readonly Row[] = [
  ["", `${OLD}:100,`, `${OLD}:100,`],
  [`${OLD}:5,`, `${OLD}:5,`, `${OLD}:100,`],
  [`${NEW}:5,`, `${NEW}:5,`, `${OLD}:100,${NEW}:5,`],
  [`${OLD}:null,${NEW}:5,`, `${OLD}:null,${NEW}:5,`, `${OLD}:100,${NEW}:5,`],
  [`${NEW}:6,${OLD}:5,`, `${NEW}:6,${OLD}:5,`, `${NEW}:6,${OLD}:100,`],
];

/** A llama-server has a name of its own, which goes before the others. */
const OWN = '"n_predict"';
const LLAMA_ROWS: readonly Row[] = [
  ...ROWS,
  [`${OWN}:5,`, `${OWN}:5,`, `${OWN}:100,`],
  [`${OLD}:6,${OWN}:5,`, `${OLD}:6,${OWN}:5,`, `${OLD}:100,${OWN}:100,`],
];

/** To all but Go's decoder other letters make another field, in which nothing would be forced. */
const LOUD: readonly Row[] = [
  ['"MAX_TOKENS":5,', `${OLD}:100,"MAX_TOKENS":5,`, `${OLD}:100,"MAX_TOKENS":5,`],
  [`"Max_Tokens":6,${OLD}:5,`, `"Max_Tokens":6,${OLD}:5,`, `"Max_Tokens":6,${OLD}:100,`],
];
const LOUD_IN_GO: readonly Row[] = [
  ['"MAX_TOKENS":5,', '"MAX_TOKENS":5,', '"MAX_TOKENS":100,'],
  [`"Max_Tokens":6,${OLD}:5,`, `"Max_Tokens":6,${OLD}:5,`, `"Max_Tokens":100,${OLD}:100,`],
];

describe.each([
  ["vllm", [...ROWS, ...LOUD]],
  ["llamacpp", [...LLAMA_ROWS, ...LOUD]],
  ["ollama", [...OLLAMA_ROWS, ...LOUD_IN_GO]],
] as const)("%s", (engine, rows) => {
  let listener: Listener;
  beforeAll(async () => {
    listener = await listenerOf(engine, TOML);
  });
  afterAll(() => listener[Symbol.asyncDispose]());

  test.each(rows)("{%s…}", async (sent, mild, hard) => {
    expect(await listener.hear(CHAT, `{${sent}"model":"mild"}`)).toBe(`{${mild}"model":"m"}`);
    expect(await listener.hear(CHAT, `{${sent}"model":"hard"}`)).toBe(`{${hard}"model":"m"}`);
  });

  test("completions have the older one alone, but on a llama-server", async () => {
    const sent = `{${NEW}:5,"model":"hard"}`;
    const forced = engine === "llamacpp" ? `${NEW}:100` : `${OLD}:100,${NEW}:5`;
    expect(await listener.hear("/v1/completions", sent)).toBe(`{${forced},"model":"m"}`);
  });
});
