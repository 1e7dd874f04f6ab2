/** The way a request has taken so far, for headers and the log. */

export interface Trail {
  /** Tries at backends, the last one included. */
  attempts: number;
  /** What came of the tries that were not the last. */
  readonly failures: string[];
  /** How long it has waited for a place. */
  queuedMs: number;
  /** Whose answer the client gets. */
  backend: string | undefined;
  model: string | undefined;
}

export function newTrail(): Trail {
  return { attempts: 0, failures: [], queuedMs: 0, backend: undefined, model: undefined };
}
