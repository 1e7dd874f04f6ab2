/** What the router needs of wherever aliases are kept that can be changed while it runs. */

import type { Change, Decide } from "../domain/amendment.ts";
import type { Entry } from "../domain/entry.ts";
import type { Problem } from "../domain/problem.ts";

/** What is in force is in memory: reading it asks no disk. */
export interface AliasStore {
  /** Where it is, for people. */
  readonly place: string;
  /** Sorted by name. */
  readonly entries: readonly Entry[];
  /** What is wrong with what is kept there, if that is something else than what is in force. */
  readonly trouble: string | undefined;
  /** Takes in what is kept there now. Never rejects: what cannot be read leaves things as they are, and is a trouble. */
  load(): Promise<void>;
  /** Makes a change. When it resolves to one, that is kept for good, in force, and known to the subscribers. */
  change(decide: Decide): Promise<Change | Problem>;
  /** Calls `listener` whenever entries or trouble have changed, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}
