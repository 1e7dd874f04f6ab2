/** Names each request, so that a client's report and the log can be brought together. */

const prefix = crypto.randomUUID().slice(0, 8);
let count = 0;

/** The client's own `x-request-id` where it is fit to be written into a log, else a new one. */
export function requestId(headers: Headers): string {
  const given = headers.get("x-request-id");
  if (given !== null && /^[\x21-\x7e]{1,128}$/.test(given)) return given;
  count++;
  return `req_${prefix}${count.toString(36).padStart(6, "0")}`;
}
