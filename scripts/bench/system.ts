/** What is measured: ways from a client to the engine. */

/** What is asked for, and the name that the answer has to bear. */
export interface Names {
  readonly model: string;
  readonly answered: string;
}

/** A way as it is called in the results, and how it is begun. */
export interface System extends Names {
  readonly name: string;
  /** The file that is run; undefined where it is not ours to know. */
  readonly program?: string;
  /** Begins it; the promise is kept when it gives the right answer. */
  readonly launch: () => Promise<Running>;
}

export interface Running {
  readonly url: string;
  /** Its processes; none where they are not ours to know. */
  readonly pids: readonly number[];
  /** From when its process was started until its first right answer; undefined where it ran before. */
  readonly startMs: number | undefined;
  readonly stop: () => Promise<void>;
}

/** One that runs already, and goes on. */
export function standing(name: string, names: Names, url: string): System {
  const running: Running = { url, pids: [], startMs: undefined, stop: async () => {} };
  return { name, ...names, launch: async () => running };
}
