/** What the benchmark is told on its command line. */

import { parseArgs } from "node:util";

export interface Options {
  /** The parts to measure; none: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly isJson: boolean;
  /** Another proxy, and what it is asked for. */
  readonly against: { readonly url: string; readonly model: string } | undefined;
  /** The engine's port; 0: any. */
  readonly port: number;
}

/** Where another proxy finds the engine, unless told otherwise. */
const KNOWN_PORT = 18080;

/** At least so many, or a median says little. */
const ROUNDS = 3;
const SECONDS = 3;

export const USAGE = `Usage: bun run bench [--only PART]… [--rounds N] [--seconds N] [--json]
                     [--against URL [--model NAME] [--port PORT]]

Measures mellamo beside nginx and a bare passthrough on Bun, all on this machine.

  --only PART     measure this part alone; may be given more than once
  --rounds N      each system has its turn in each round (${ROUNDS})
  --seconds N     how long one load lasts (${SECONDS})
  --json          the figures as JSON
  --against URL   measure another proxy as well, which leads to http://127.0.0.1:PORT
  --model NAME    what it is asked for (tiny)
  --port PORT     where the engine listens (${KNOWN_PORT} with --against, else any)
`;

/** Throws, with a sentence for the user, where the arguments are none. */
export function optionsOf(args: readonly string[], parts: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      rounds: { type: "string", default: String(ROUNDS) },
      seconds: { type: "string", default: String(SECONDS) },
      json: { type: "boolean", default: false },
      against: { type: "string" },
      model: { type: "string", default: "tiny" },
      port: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const strange = values.only.find((name) => !parts.includes(name));
  if (strange !== undefined) throw new Error(`no part is called "${strange}": ${parts.join(", ")}`);
  const { against } = values;
  if (against !== undefined && !URL.canParse(against))
    throw new Error(`--against ${against}: expected a URL`);
  return {
    only: values.only,
    rounds: positive("--rounds", values.rounds),
    seconds: positive("--seconds", values.seconds),
    isJson: values.json,
    against: against === undefined ? undefined : { url: new URL(against).origin, model: values.model },
    port: positive("--port", values.port ?? (against === undefined ? "0" : String(KNOWN_PORT)), 0),
  };
}

function positive(option: string, text: string, least = 1): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`${option} ${text}: expected a whole number`);
  return number;
}
