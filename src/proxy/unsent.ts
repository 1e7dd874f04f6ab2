/** A request body that knows whether any of it was sent. What may not be made twice goes elsewhere only if none was. */

export interface Unsent {
  readonly body: AsyncGenerator<Uint8Array>;
  readonly wasSent: () => boolean;
}

/** Bun asks a generator for its first chunk when the connection stands, and not before. */
export function unsent(body: Uint8Array | ReadableStream<Uint8Array>): Unsent {
  let wasSent = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    wasSent = true;
    if (body instanceof Uint8Array) yield body;
    else yield* body;
  }
  return { body: chunks(), wasSent: () => wasSent };
}
