/** Whether the address to listen on is free or, if not, who has it. */

import { stat } from "node:fs/promises";
import { dirname } from "node:path";

import * as v from "valibot";

import { type Listen, listenText } from "../../config/listen.ts";
import { codeOf } from "../../domain/failure.ts";
import { whyUnwritable } from "../../files/writable.ts";
import { callServer, runsNone } from "../ask-server.ts";
import { configOver } from "../config-over.ts";
import { listenTrouble } from "../listen-trouble.ts";
import { lookAround } from "../look-around.ts";
import { type Address, addressOf } from "../server-address.ts";
import { shellWord } from "../shell-word.ts";
import type { Finding } from "./finding.ts";
import { type Holder, holderOf } from "./port-holder.ts";
import { Running } from "./running.ts";

/** A router answers this at once. */
const PATIENCE_MS = 2000;

export interface Listening {
  readonly findings: readonly Finding[];
  /** The mellamo that listens there. */
  readonly running: Running | undefined;
  /** Its process, where the system tells. */
  readonly pid: number | undefined;
}

const WHAT = "listen address";

/** Asks who is there, before it tries whether the address can be had: that keeps others from it for a moment. */
export async function addressCheck(listen: Listen): Promise<Listening> {
  const address = addressOf(listen);
  const holder = listen.kind === "tcp" ? await holderOf(listen.hostname, listen.port) : undefined;
  try {
    const { json } = await callServer(
      { ...address, source: undefined },
      "GET",
      "/mellamo/status",
      undefined,
      PATIENCE_MS,
    );
    const running = v.safeParse(Running, json);
    if (!running.success) return alone(await strangerFinding(listen, holder));
    const { version } = running.output;
    const text = `mellamo ${version} runs at ${address.shown}`;
    return { findings: [{ what: WHAT, state: "ok", text }], running: running.output, pid: pidOf(holder) };
  } catch (failure) {
    return alone(await silentFinding(listen, holder, failure));
  }
}

/** Not of one that passes on to it, such as a container's proxy. */
function pidOf(holder: Holder | undefined): number | undefined {
  return holder !== undefined && /^(mellamo|bun)/.test(holder.name) ? holder.pid : undefined;
}

function alone(finding: Finding): Listening {
  return { findings: [finding], running: undefined, pid: undefined };
}

async function takenFinding(listen: Listen, holder: Holder | undefined): Promise<Finding> {
  const program = holder === undefined ? [] : [`${holder.name}, process ${holder.pid}`];
  const engine = listen.kind === "tcp" ? await engineAt(addressOf(listen)) : [];
  const who = [...engine, ...program].join(": ") || "another program";
  return {
    what: WHAT,
    state: "fault",
    text: `${listenText(listen)} is taken (${who})`,
    remedy: "end that, or choose another address by [server] listen or --listen",
  };
}

/** What answers there, if that is an engine, or a mellamo of another kind. */
async function engineAt({ url }: Pick<Address, "url">): Promise<string[]> {
  const { fleet } = await lookAround(configOver([url]), []);
  return fleet.backends.flatMap(({ router, stock, engine }) => {
    if (router !== undefined) return ["a mellamo of another version"];
    return stock.up && engine !== undefined ? [engine.title] : [];
  });
}

/** Of an address where nobody speaks like a mellamo; `failure` is what came of calling there. */
async function silentFinding(listen: Listen, holder: Holder | undefined, failure: unknown): Promise<Finding> {
  const free: Finding = {
    what: WHAT,
    state: "ok",
    text: `${listenText(listen)} is free: no mellamo runs there`,
  };
  if (listen.kind === "unix")
    return runsNone(failure) ? ((await socketFault(listen.path)) ?? free) : takenFinding(listen, holder);
  const refusal = bindRefusal(listen);
  if (refusal === undefined) return free;
  return codeOf(refusal) === TAKEN ? takenFinding(listen, holder) : unboundFinding(listen, refusal);
}

/** Somebody else answers: another program of this machine, unless the address is not this machine's. */
async function strangerFinding(listen: Listen, holder: Holder | undefined): Promise<Finding> {
  const refusal = listen.kind === "tcp" ? bindRefusal(listen) : undefined;
  if (refusal === undefined || codeOf(refusal) === TAKEN) return takenFinding(listen, holder);
  return unboundFinding(listen, refusal);
}

const TAKEN = "EADDRINUSE";

/** Why the router could not listen there, as it would learn it itself; undefined where it could. */
function bindRefusal({ hostname, port }: Listen & { readonly kind: "tcp" }): unknown {
  try {
    void Bun.serve({ hostname, port, fetch: () => new Response() }).stop(true);
    return undefined;
  } catch (failure) {
    return failure;
  }
}

function unboundFinding(listen: Listen, failure: unknown): Finding {
  const { why, remedy } = listenTrouble(failure);
  return { what: WHAT, state: "fault", text: `${listenText(listen)}: ${why}`, remedy };
}

/** A socket that nobody listens on is no obstacle: the router takes its place. */
async function socketFault(path: string): Promise<Finding | undefined> {
  const found = await stat(path).catch(() => undefined);
  const fault = (why: string, remedy: string): Finding => ({
    what: WHAT,
    state: "fault",
    text: `unix:${path}: ${why}`,
    remedy,
  });
  if (found !== undefined && !found.isSocket())
    return fault(
      "something else than a socket is there",
      "move it away, or choose another path by [server] listen",
    );
  const folder = await stat(dirname(path)).catch((failure: unknown) => codeOf(failure));
  if (typeof folder === "string")
    return fault("no such folder", `make it: mkdir -p ${shellWord(dirname(path))}`);
  const why = await whyUnwritable(path);
  return why === undefined ? undefined : fault(why, "let the user that runs mellamo write in that folder");
}
