/** Finds fields of a multipart form (RFC 7578) in its bytes. */

import type { Span } from "./splice.ts";

/** The boundary that a `multipart/form-data` content type names; undefined for any other type. */
export function formBoundary(contentType: string | null): string | undefined {
  if (contentType === null || !/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const match = /;\s*boundary=(?:"([^"]*)"|([^\s;]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/** Where the contents of the parts called `name` stand, in order; undefined if the form is cut off or none at all. */
export function findFormFields(body: Uint8Array, boundary: string, name: string): Span[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = `--${boundary}`;
  const spans: Span[] = [];
  let at = bytes.indexOf(delimiter);
  while (at !== -1) {
    const after = at + delimiter.length;
    if (bytes.toString("latin1", after, after + 2) === "--") return spans;
    const headersEnd = bytes.indexOf("\r\n\r\n", after);
    if (headersEnd === -1) return undefined;
    const start = headersEnd + 4;
    // a part without content has its delimiter right behind the empty line: the line break before it is the same one
    const end = bytes.indexOf(`\r\n${delimiter}`, start - 2);
    if (end === -1) return undefined;
    if (partName(bytes.toString("utf8", after, headersEnd)) === name) {
      spans.push({ start, end: Math.max(start, end) });
    }
    at = end + 2;
  }
  return undefined;
}

function partName(headers: string): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? "";
  const match = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition);
  return match?.[1] ?? match?.[2];
}
