/** Remembers which backend got a blob: a blob carries no model's name, and the create that uses it has to follow it. */

import type { Backend } from "./backend.ts";

/** More are never between their upload and their use. */
const MAX_BLOBS = 1000;

export class BlobPlaces {
  private readonly places = new Map<string, Backend>();

  remember(digest: string, backend: Backend): void {
    this.places.delete(digest);
    this.places.set(digest, backend);
    const [oldest] = this.places.keys();
    if (this.places.size > MAX_BLOBS && oldest !== undefined) this.places.delete(oldest);
  }

  placeOf(digest: string): Backend | undefined {
    return this.places.get(digest);
  }
}
