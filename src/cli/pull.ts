/** `mellamo pull NAME`: has Ollama backends download a model, and shows how far they are. */

import * as v from "valibot";

import { parseJson } from "../fleet/ask.ts";
import { postModel, unreachedText } from "./ask-server.ts";
import {
  BACKENDS_OPTION,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  INTERRUPTED,
  OK,
  SERVER_OPTION,
} from "./command.ts";
import { untilInterrupted } from "./interrupt.ts";
import { linesOf } from "./lines.ts";
import { namedBackends } from "./named-backends.ts";
import { Progress } from "./progress.ts";
import { PullState } from "./pull-state.ts";
import { type Address, serverAddress } from "./server-address.ts";

export const pull: Command = {
  name: "pull",
  operands: ["NAME"],
  offer: "names",
  help: "download a model to the Ollama that it belongs to, or to the backends that are named",
  options: [BACKENDS_OPTION, CONFIG_OPTION, SERVER_OPTION],
  async run(args) {
    const address = await serverAddress(args);
    const backends = address && (await namedBackends(args));
    if (address === undefined || backends === undefined) return FAILED;
    const [name = ""] = args.positionals;
    return untilInterrupted((signal) => pullAll(name, backends, address, signal));
  },
};

/** Without backends the router decides where. */
async function pullAll(
  name: string,
  backends: readonly string[],
  address: Address,
  signal: AbortSignal,
): Promise<number> {
  const progress = new Progress();
  const places = backends.length === 0 ? [undefined] : backends;
  const failures = await Promise.all(
    places.map((backend) => pullTo(name, backend, address, progress, signal)),
  );
  progress.end();
  if (signal.aborted) return INTERRUPTED;
  // what keeps all of them is told once
  for (const failure of new Set(failures)) if (failure !== undefined) complain(failure);
  return failures.every((failure) => failure === undefined) ? OK : FAILED;
}

const Refusal = v.object({ error: v.string() });

/** Resolves to why it has failed; of what was interrupted nobody wants to know. */
async function pullTo(
  name: string,
  backend: string | undefined,
  address: Address,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = backend === undefined ? "/api/pull" : `/mellamo/backends/${encodeURIComponent(backend)}/pull`;
  let response: Response;
  try {
    response = await postModel(address, path, name, signal);
  } catch (failure) {
    return unreachedText(address, failure);
  }
  const label = backend ?? response.headers.get("x-mellamo-backend") ?? "";
  const prefix = label === "" ? "" : `${label}: `;
  const state = new PullState();
  try {
    if (!response.ok) {
      const read = v.safeParse(Refusal, parseJson(await response.text()));
      const why = read.success ? read.output.error : `status ${response.status}`;
      return why.startsWith(prefix) ? why : prefix + why;
    }
    for await (const line of linesOf(response)) {
      for (const { key, text, isNews } of state.take(parseJson(line)))
        progress.put(`${label} ${key}`, { text: prefix + text, isNews });
    }
  } catch {
    // a stream that breaks is one that is not done
  }
  return state.failure === undefined ? undefined : prefix + state.failure;
}
