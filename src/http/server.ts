/** Listens, and sees to it that every request gets one answer, in the shape its path asks for. */

import type { Listen } from "../config/listen.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { problemReply } from "../dialects/problem-reply.ts";
import { isProblem, type Problem, textOf } from "../domain/problem.ts";
import type { HeaderTable } from "../proxy/headers.ts";
import { door } from "./door.ts";
import { Exchange, IDLE_SECONDS, type Responder } from "./exchange.ts";
import type { Router } from "./router.ts";
import type { Snapshot } from "./snapshot.ts";

/** `server.timeout` has no effect on Unix sockets, and Bun's types leave this setting out for them. */
const NEVER_IDLE: object = { idleTimeout: 0 };

/** Starts to listen. Every request runs under what is `current` when it comes. Throws when the address cannot be had. */
export function openServer(listen: Listen, current: () => Snapshot, router: Router): Bun.Server<undefined> {
  async function answer(request: Request, server: Bun.Server<undefined>): Promise<Response> {
    const exchange = new Exchange(request, server, current());
    const { snapshot, path, id } = exchange;
    const { origins } = snapshot;
    let reply: Response | Problem;
    try {
      reply = door(request, path, snapshot, router) ?? (await respond(exchange, router));
    } catch (bug) {
      reply = problemOf(bug, exchange);
    }
    const response = isProblem(reply) ? problemReply(reply, dialectOf(path), id) : reply;
    if (isProblem(reply)) exchange.finish(response.status, { problem: reply.problem, why: textOf(reply) });
    else if (!exchange.isKeptOpen) exchange.finish(response.status, {});
    if (!exchange.isMarked) markAnswer(exchange, response.headers);
    if (request.headers.has("origin")) origins.mark(response.headers, request.headers);
    return response;
  }

  const options = {
    // bodies are measured where they are read, so that the answer has the shape of its dialect
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    development: false as const,
    fetch: answer,
    error: () => problemReply({ problem: "bug" }, undefined, ""),
  };
  if (listen.kind === "unix") return Bun.serve({ ...options, unix: listen.path, ...NEVER_IDLE });
  return Bun.serve({
    ...options,
    hostname: listen.hostname,
    port: listen.port,
    idleTimeout: IDLE_SECONDS,
    // otherwise on where `development` is off: a second router on the same port would take every other request
    reusePort: false,
  });
}

/** Of an answer that was not relayed. */
function markAnswer(exchange: Exchange, headers: Headers): void {
  const marks: HeaderTable = {};
  exchange.mark(marks);
  for (const [name, value] of Object.entries(marks)) headers.set(name, value);
}

function respond(exchange: Exchange, router: Router): ReturnType<Responder> {
  const match = router.match(exchange.request.method, exchange.path);
  if (isProblem(match)) return match;
  exchange.tail = match.tail;
  return match.answer(exchange);
}

function problemOf(bug: unknown, { request, snapshot, id, path }: Exchange): Problem {
  if (request.signal.aborted) return { problem: "client gone" };
  const stack = bug instanceof Error ? bug.stack : String(bug);
  snapshot.log.error("bug", { id, path, stack });
  return { problem: "bug" };
}
