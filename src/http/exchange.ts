/** One request, as those who answer it see it. */

import type { Problem } from "../domain/problem.ts";
import type { Trail } from "../proxy/trail.ts";
import type { LogFields } from "../telemetry/log.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Exchange {
  readonly request: Request;
  readonly snapshot: Snapshot;
  /** Goes back to the client as `x-request-id`, and into the log. */
  readonly id: string;
  /** Normalised: no dot segments, no doubled or trailing slashes, nothing encoded. */
  readonly path: string;
  /** What a route's `*` stands for, decoded. */
  readonly tail: string;
  /** The query with its question mark, as it came; "" without one. */
  readonly search: string;
  /** The way it has taken so far. */
  readonly trail: Trail;
  /** Lets the connection be silent for as long as it takes, until `finish`. */
  readonly keepOpen: () => void;
  /** Logs the request, at its end and not when its answer begins. To be called once by whoever called `keepOpen`. */
  readonly finish: (status: number, facts: LogFields) => void;
}

/** Answers an exchange; a problem is written in the dialect of the path. */
export type Responder = (exchange: Exchange) => Response | Problem | Promise<Response | Problem>;
