/** A backend, as far as traffic is concerned. */

import type { Duty, Limits } from "./duty.ts";

export interface Party {
  readonly name: string;
  readonly duty: Duty;
  readonly limits: Limits;
  /** Of alike backends, one of weight 2 gets twice as many requests as one of weight 1. */
  readonly weight: number;
}
