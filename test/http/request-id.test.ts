/** Each request has an id that is fit for a log: the client's own, or a new one. */

import { expect, test } from "bun:test";

import { requestId } from "../../src/http/request-id.ts";

test.each(["abc", "req_0123", "a".repeat(128), "!~", '"quoted"', "0af7651916cd43dd8448eb211c80319c"])(
  "the client's %j is taken over",
  (given) => {
    expect(requestId(new Headers({ "x-request-id": given }))).toBe(given);
  },
);

test.each(["", "two words", "a".repeat(129), "tab\there", "é", "\x7f"])(
  "the client's %j is not taken over",
  (given) => {
    expect(requestId(new Headers({ "x-request-id": given }))).toMatch(/^req_[0-9a-z]{14,}$/);
  },
);

test("two ids in one request are none", () => {
  const headers = new Headers([
    ["x-request-id", "a"],
    ["x-request-id", "b"],
  ]);
  expect(requestId(headers)).toMatch(/^req_/);
});

test("no two requests get the same id", () => {
  const ids = Array.from({ length: 1000 }, () => requestId(new Headers()));
  expect(new Set(ids).size).toBe(1000);
});
