/** `mellamo load NAME` and `mellamo unload NAME`: what is in the memory of backends. */

import * as v from "valibot";

import { parseJson, readReply } from "../fleet/ask.ts";
import { askServer, postModel, understood, unreached } from "./ask-server.ts";
import {
  type Arguments,
  BACKENDS_OPTION,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  INTERRUPTED,
  OK,
  say,
  SERVER_OPTION,
} from "./command.ts";
import { untilInterrupted } from "./interrupt.ts";
import { namedBackends } from "./named-backends.ts";
import { type Address, serverAddress } from "./server-address.ts";
import { Resolved } from "./status-schema.ts";

type Candidates = v.InferOutput<typeof Resolved>["candidates"];

export const load: Command = {
  name: "load",
  operands: ["NAME"],
  offer: "names",
  help: "bring a model into memory, where a request for it would go now or on the backends that are named",
  options: [BACKENDS_OPTION, CONFIG_OPTION, SERVER_OPTION],
  run: (args) => everywhere(args, "load", (candidates) => candidates.filter(({ chosen }) => chosen)),
};

export const unload: Command = {
  name: "unload",
  operands: ["NAME"],
  offer: "names",
  help: "let go of a model, wherever it is in memory or on the backends that are named",
  options: [BACKENDS_OPTION, CONFIG_OPTION, SERVER_OPTION],
  run: (args) => everywhere(args, "unload", (candidates) => candidates.filter(({ loaded }) => loaded)),
};

/** `meant` picks the candidates where nobody has named any. */
async function everywhere(
  args: Arguments,
  deed: "load" | "unload",
  meant: (candidates: Candidates) => Candidates,
): Promise<number> {
  const [name = ""] = args.positionals;
  const address = await serverAddress(args);
  const named = address && (await namedBackends(args));
  if (address === undefined || named === undefined) return FAILED;
  const backends = named.length > 0 ? named : await backendsOf(args, name, meant);
  if (backends === undefined) return FAILED;
  if (backends.length === 0) {
    say(`${name} is not in memory`);
    return OK;
  }
  return untilInterrupted(async (signal) => {
    const done = await Promise.all(backends.map((backend) => tell(deed, name, backend, address, signal)));
    if (signal.aborted) return INTERRUPTED;
    return done.every(Boolean) ? OK : FAILED;
  });
}

/** Undefined after the user was told why there is none. */
async function backendsOf(
  args: Arguments,
  name: string,
  meant: (candidates: Candidates) => Candidates,
): Promise<string[] | undefined> {
  const query = new URLSearchParams({ model: name });
  const resolved = await askServer(args, `/mellamo/resolve?${query}`, Resolved);
  if (resolved === undefined) return undefined;
  const { candidates, problem } = resolved;
  if (problem !== null) {
    complain(problem.message);
    return undefined;
  }
  return meant(candidates).map(({ backend }) => backend);
}

const Told = v.union([v.object({ model: v.string(), ms: v.number() }), v.object({ error: v.string() })]);

async function tell(
  deed: "load" | "unload",
  name: string,
  backend: string,
  address: Address,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/mellamo/backends/${encodeURIComponent(backend)}/${deed}`;
  try {
    const response = await postModel(address, path, name, signal);
    const answer = understood({ json: parseJson(await readReply(response)) }, Told, address);
    if (answer === undefined) return false;
    if ("error" in answer) {
      complain(answer.error);
      return false;
    }
    say(`${backend}: ${answer.model} ${deed}ed in ${(answer.ms / 1000).toFixed(1)} s`);
    return true;
  } catch (failure) {
    if (!signal.aborted) unreached(address, failure);
    return false;
  }
}
