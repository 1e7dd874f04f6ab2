/** Listens, and sees to it that every request gets one answer, in the shape its path asks for. */

import http from "node:http";

import type { Listen } from "../config/listen.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { problemReply } from "../dialects/problem-reply.ts";
import { isProblem, type Problem, textOf } from "../domain/problem.ts";
import { newTrail } from "../proxy/trail.ts";
import type { LogFields } from "../telemetry/log.ts";
import { door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { locate } from "./path.ts";
import { requestId } from "./request-id.ts";
import type { Router } from "./router.ts";
import type { Snapshot } from "./snapshot.ts";
import { delays, markTrail } from "./trail-marks.ts";

/** How long a connection may be silent between two requests. */
const IDLE_SECONDS = 120;

/** `server.timeout` has no effect on Unix sockets, and Bun's types leave this setting out for them. */
const NEVER_IDLE: object = { idleTimeout: 0 };

/** A browser sends all the cookies of `localhost` along, whichever program they are for. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Starts to listen. Every request runs under what is `current` when it comes. Throws when the address cannot be had. */
export function openServer(listen: Listen, current: () => Snapshot, router: Router): Bun.Server<undefined> {
  // Node's types call it read-only; Bun reads it whenever a server starts
  Reflect.set(http, "maxHeaderSize", MAX_HEADER_BYTES);

  async function answer(request: Request, server: Bun.Server<undefined>): Promise<Response> {
    const startedMs = performance.now();
    const snapshot = current();
    const { origins } = snapshot;
    const { path, search } = locate(request.url);
    const id = requestId(request.headers);
    const trail = newTrail();
    let keptOpen = false;
    const finish = (status: number, facts: LogFields): void => {
      if (keptOpen) server.timeout(request, IDLE_SECONDS);
      const ms = Math.round(performance.now() - startedMs);
      snapshot.log.info("request", {
        id,
        method: request.method,
        path,
        status,
        ms,
        ...facts,
        ...delays(trail),
      });
    };
    const keepOpen = (): void => {
      keptOpen = true;
      server.timeout(request, 0);
    };

    const stopped = door(request, path, snapshot, router);
    const reply =
      stopped ??
      (await respond({ request, snapshot, id, path, tail: "", search, trail, keepOpen, finish }, router));
    const response = isProblem(reply) ? problemReply(reply, dialectOf(path), id) : reply;
    if (isProblem(reply)) finish(response.status, { problem: reply.problem, why: textOf(reply) });
    else if (!keptOpen) finish(response.status, {});
    response.headers.set("x-request-id", id);
    if (snapshot.config.server.headers) markTrail(response.headers, trail);
    if (origins.allows(request.headers)) origins.mark(response.headers, request.headers);
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

async function respond(exchange: Exchange, router: Router): Promise<Response | Problem> {
  const { request, path, snapshot } = exchange;
  const match = router.match(request.method, path);
  if (isProblem(match)) return match;
  try {
    return await match.answer({ ...exchange, tail: match.tail });
  } catch (bug) {
    if (request.signal.aborted) return { problem: "client gone" };
    snapshot.log.error("bug", {
      id: exchange.id,
      path,
      stack: bug instanceof Error ? bug.stack : String(bug),
    });
    return { problem: "bug" };
  }
}
