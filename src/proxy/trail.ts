/** The way a request has taken so far, for headers and the log. */

export interface Trail {
  /** Tries at backends, the last one included. */
  attempts: number;
  /** How long it has waited for a place. */
  queuedMs: number;
  /** Whose answer the client gets. */
  backend: string | undefined;
  model: string | undefined;
}

export function newTrail(): Trail {
  return { attempts: 0, queuedMs: 0, backend: undefined, model: undefined };
}
