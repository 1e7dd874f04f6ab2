/** What a client wants of an engine, whichever that will be. */

import type { Splice } from "../bytes/splice.ts";
import type { Candidate } from "../fleet/survey.ts";

export interface Call {
  readonly method: string;
  /** The endpoint's path, and the client's query with its question mark. */
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  /** The body for this engine, which has a name of its own for the model. */
  readonly body: (candidate: Candidate) => Uint8Array | Splice | ReadableStream<Uint8Array> | null;
  readonly contentType: string | undefined;
  /** Of a body that is passed on as it comes. */
  readonly contentLength?: string | undefined;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** Whether it may be made again where it is not sure that nothing came of it. */
  readonly replayable: boolean;
  /** Whether the asked name is put into the answer. */
  readonly echo: boolean;
  readonly via: string;
}
