/** What a client wants of an engine, whichever that will be. */

export interface Call {
  readonly method: string;
  /** The endpoint's path, and the client's query with its question mark. */
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  /** The body for an engine that calls the model by this name. */
  readonly body: (model: string) => Uint8Array | ReadableStream<Uint8Array> | null;
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
