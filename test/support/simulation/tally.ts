/** How often a simulation came to what is rare: whoever changes it sees by this whether it still gets there. */

export interface Tally {
  requests: number;
  queued: number;
  /** Of these, those that got a place in the end. */
  served: number;
  /** Turned away by a full line. */
  full: number;
  /** Waited for too long. */
  late: number;
  /** Went on to another backend after one had failed. */
  retried: number;
  /** Found out whether a backend still failed. */
  tries: number;
  /** Did not. */
  abandoned: number;
  /** Went where their conversation had been. */
  homes: number;
}

export function emptyTally(): Tally {
  return {
    requests: 0,
    queued: 0,
    served: 0,
    full: 0,
    late: 0,
    retried: 0,
    tries: 0,
    abandoned: 0,
    homes: 0,
  };
}
