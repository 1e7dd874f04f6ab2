/** One request, as those who answer it see it. */

import type { Problem } from "../domain/problem.ts";
import type { HeaderTable } from "../proxy/headers.ts";
import { newTrail } from "../proxy/trail.ts";
import type { LogFields } from "../telemetry/log.ts";
import type { Alarm } from "../traffic/clock.ts";
import { locate } from "./path.ts";
import { requestId } from "./request-id.ts";
import type { Snapshot } from "./snapshot.ts";
import { delays, markTrail } from "./trail-marks.ts";

/** How long a connection may be silent between two requests. */
export const IDLE_SECONDS = 120;

/** After this time Bun is told to let a connection be silent: well before it would end it. */
const PATIENCE_MS = (IDLE_SECONDS / 2) * 1000;

export class Exchange {
  readonly request: Request;
  readonly snapshot: Snapshot;
  /** Goes back to the client as `x-request-id`, and into the log. */
  readonly id: string;
  /** Normalised: no dot segments, no doubled or trailing slashes, nothing encoded. */
  readonly path: string;
  /** The query with its question mark, as it came; "" without one. */
  readonly search: string;
  /** What a route's `*` stands for, decoded. */
  tail = "";
  /** The way it has taken so far. */
  readonly trail = newTrail();
  /** Whether somebody will call `finish` when the answer is over. */
  isKeptOpen = false;
  /** Whether its answer bears what is said of every answer. */
  isMarked = false;
  private patience: Alarm | undefined;
  private readonly server: Bun.Server<undefined>;
  private readonly startedMs = performance.now();

  constructor(request: Request, server: Bun.Server<undefined>, snapshot: Snapshot) {
    const { path, search } = locate(request.url);
    this.request = request;
    this.snapshot = snapshot;
    this.id = requestId(request.headers);
    this.path = path;
    this.search = search;
    this.server = server;
  }

  /**
   * Lets the connection be silent for as long as it takes, until `finish`. Bun is told so in time, and not at once: most
   * requests are over by then, and to tell it twice for each of them would cost a tenth of all.
   */
  keepOpen(): void {
    const { clock } = this.snapshot.fleet.traffic;
    this.isKeptOpen = true;
    this.patience = clock.alarm(clock.now() + PATIENCE_MS, () => this.server.timeout(this.request, 0));
  }

  /** Puts what is said of every answer among its headers. */
  mark(headers: HeaderTable): void {
    this.isMarked = true;
    headers["x-request-id"] = this.id;
    if (this.snapshot.config.server.headers) markTrail(headers, this.trail);
  }

  /** Logs the request, at its end and not when its answer begins. To be called once by whoever called `keepOpen`. */
  finish(status: number, facts: LogFields): void {
    const { request, id, path, trail, snapshot } = this;
    const ms = Math.round(performance.now() - this.startedMs);
    this.patience?.cancel();
    if (ms >= PATIENCE_MS) this.server.timeout(request, IDLE_SECONDS);
    snapshot.log.info("request", {
      id,
      method: request.method,
      path,
      status,
      ms,
      ...facts,
      ...delays(trail),
    });
  }
}

/** Answers an exchange; a problem is written in the dialect of the path. */
export type Responder = (exchange: Exchange) => Response | Problem | Promise<Response | Problem>;
