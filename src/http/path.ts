/** Takes a request's URL apart. Routes and backends see the same normalised path: what one matches, the other gets. */

export interface Location {
  readonly path: string;
  /** With its question mark; "" without one. */
  readonly search: string;
}

/**
 * The path of a URL as Bun gives it: absolute, or the bare path where the Host header makes no URL.
 * Dot segments are resolved (RFC 3986 5.2.4), slashes in a row are one, a trailing one is dropped, and what is
 * percent-encoded is decoded once.
 */
export function locate(url: string): Location {
  const known = locations.get(url);
  if (known !== undefined) return known;
  const location = locationOf(url);
  if (locations.size >= MAX_KEPT) locations.clear();
  if (url.length <= MAX_KEPT_LENGTH) locations.set(url, location);
  return location;
}

/** Most clients ask for the same few: what was taken apart once need not be again. */
const locations = new Map<string, Location>();
const MAX_KEPT = 1000;
const MAX_KEPT_LENGTH = 200;

function locationOf(url: string): Location {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  const hash = url.indexOf("#", start);
  const whole = url.slice(start, hash === -1 ? undefined : hash);
  const query = whole.indexOf("?");
  const path = query === -1 ? whole : whole.slice(0, query);
  return { path: isNormal(path) ? path : normalise(path), search: query === -1 ? "" : whole.slice(query) };
}

function isNormal(path: string): boolean {
  return (
    !path.includes("%") &&
    !path.includes("//") &&
    !path.includes("/.") &&
    (path === "/" || !path.endsWith("/"))
  );
}

function normalise(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    const plain = segment.replaceAll(/%2e/gi, ".");
    if (plain === "..") segments.pop();
    else if (plain !== "." && plain !== "") segments.push(segment);
  }
  return `/${segments.map(decode).join("/")}`;
}

/** A text that is not valid UTF-8 once decoded stays as it came. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
