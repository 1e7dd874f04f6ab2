/** Finds fields of a multipart form (RFC 7578, RFC 2046 5.1) in its bytes. */

import type { Span } from "./splice.ts";

/** The parameters of a header such as `form-data; name="model"`, by their lower-cased names; of two the first counts. */
function parametersOf(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))\s*/y;
  parameter.lastIndex = header.search(/;|$/);
  for (let match = parameter.exec(header); match !== null; match = parameter.exec(header)) {
    const [, name = "", quoted, bare = ""] = match;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(.)/g, "$1") ?? bare);
  }
  return parameters;
}

/** The boundary that a `multipart/form-data` content type names; undefined for any other type. */
export function formBoundary(contentType: string | null): string | undefined {
  if (contentType === null || !/^\s*multipart\/form-data\s*(;|$)/i.test(contentType)) return undefined;
  return parametersOf(contentType).get("boundary") || undefined;
}

/** No client writes more headers for a part. */
const MAX_HEADER_BYTES = 16 * 1024;

/** Where the contents of the parts called `name` stand, in order; undefined if the form is cut off or none at all. */
export function findFormFields(body: Uint8Array, boundary: string, name: string): Span[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const spans: Span[] = [];
  let delimiter = nextDelimiter(bytes, boundary, 0);
  while (delimiter !== undefined && !delimiter.last) {
    const headersEnd = bytes.indexOf("\r\n\r\n", delimiter.end - 2);
    if (headersEnd === -1 || headersEnd - delimiter.end > MAX_HEADER_BYTES) return undefined;
    const start = headersEnd + 4;
    // a part without content has its delimiter right behind the empty line: the line break before it is the same one
    const next = nextDelimiter(bytes, boundary, start - 2);
    if (next === undefined) return undefined;
    if (partName(bytes.toString("utf8", delimiter.end, headersEnd)) === name) {
      spans.push({ start, end: Math.max(start, next.start) });
    }
    delimiter = next;
  }
  return delimiter && spans;
}

/** A line that parts what stands before it from what stands behind. */
interface Delimiter {
  /** Where the line break before it begins, which belongs to it. */
  readonly start: number;
  /** One past the line break behind it. */
  readonly end: number;
  readonly last: boolean;
}

/** The first line from `from` on that is the boundary and, but for blanks, nothing else. */
function nextDelimiter(bytes: Buffer, boundary: string, from: number): Delimiter | undefined {
  const line = Buffer.from(`\r\n--${boundary}`);
  // the line break before the very first one may be missing
  const opens = from === 0 && bytes.subarray(0, line.length - 2).equals(line.subarray(2));
  for (let at = opens ? -2 : bytes.indexOf(line, from); at !== -1; at = bytes.indexOf(line, at + 2)) {
    const after = at + line.length;
    const [whole, dashes] = /^(--)?[ \t]*(?:\r\n|$)/.exec(bytes.toString("latin1", after, after + 80)) ?? [];
    if (whole === undefined) continue;
    const isLast = dashes !== undefined;
    if (isLast || whole.endsWith("\r\n"))
      return { start: Math.max(0, at), end: after + whole.length, last: isLast };
  }
  return undefined;
}

function partName(headers: string): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1];
  return disposition === undefined ? undefined : parametersOf(disposition).get("name");
}
