/** However a client writes a path, it means the same route. */

import { expect, test } from "bun:test";

import { locate } from "../../src/http/path.ts";

const BASE = "http://localhost:11434";

test.each([
  ["/", "/"],
  ["//", "/"],
  ["/api/tags", "/api/tags"],
  ["/api/tags/", "/api/tags"],
  ["/api/tags///", "/api/tags"],
  ["//api//tags", "/api/tags"],
  ["/./api/./tags/.", "/api/tags"],
  ["/v1/../api/delete", "/api/delete"],
  ["/v1/..", "/"],
  ["/../../etc/passwd", "/etc/passwd"],
  ["/%2e%2E/api/tags", "/api/tags"],
  ["/v1/%2e/models", "/v1/models"],
  ["/v1/.%2e/api/tags", "/api/tags"],
  ["/v1/.../models", "/v1/.../models"],
  ["/v1/..a/.b", "/v1/..a/.b"],
  ["/api%2Ftags", "/api/tags"],
  ["/%61pi/t%61gs", "/api/tags"],
  ["/v1/models/org%2Frepo:q4", "/v1/models/org/repo:q4"],
  ["/v1/models/org%2frepo%40q4", "/v1/models/org/repo@q4"],
  ["/v1/models/m%C3%BCnze", "/v1/models/münze"],
  ["/v1/models/a+b", "/v1/models/a+b"],
  ["/v1/models/%F0%9F%A6%99", "/v1/models/🦙"],
])("%j leads to %j", (written, path) => {
  expect(locate(BASE + written)).toEqual({ path, search: "" });
});

test.each([
  ["/v1/models/org%252Frepo", "/v1/models/org%2Frepo"],
  ["/%252e%252e/api/tags", "/%2e%2e/api/tags"],
])("%j is decoded once and no more", (written, path) => {
  expect(locate(BASE + written).path).toBe(path);
});

test.each(["/v1/models/%", "/v1/models/%zz", "/v1/models/%ff", "/v1/models/%C3"])(
  "%j, which is no valid encoding, stays as it came",
  (written) => {
    expect(locate(BASE + written).path).toBe(written);
  },
);

test("a segment that is no valid encoding keeps no other from being decoded", () => {
  expect(locate(`${BASE}/%61pi/%ff/t%61gs`).path).toBe("/api/%ff/tags");
});

test.each([
  ["/v1/messages?beta=true", "/v1/messages", "?beta=true"],
  ["/v1/messages/?beta=true", "/v1/messages", "?beta=true"],
  ["/api/tags?", "/api/tags", "?"],
  ["/api/tags?a=%2F&b=//&c=../x", "/api/tags", "?a=%2F&b=//&c=../x"],
  ["/api/tags?a=1?b=2", "/api/tags", "?a=1?b=2"],
  ["/?q", "/", "?q"],
])("the query of %j is left as it came", (written, path, search) => {
  expect(locate(BASE + written)).toEqual({ path, search });
});

test.each([
  ["/api/tags#top", "/api/tags", ""],
  ["/api/tags?a=1#top", "/api/tags", "?a=1"],
  ["/api/tags#top?a=1", "/api/tags", ""],
])("the fragment of %j, which no client should send, is left out", (written, path, search) => {
  expect(locate(BASE + written)).toEqual({ path, search });
});

test("a slash in the query, of a URL with dots in its host, is not taken for the path's", () => {
  expect(locate("http://a.b.c:1/x?u=http://d//e/../f")).toEqual({
    path: "/x",
    search: "?u=http://d//e/../f",
  });
});

test.each([
  ["/api/tags", "/api/tags"],
  ["//api/tags/?x", "/api/tags"],
  ["/x/../api/tags", "/api/tags"],
])("where the Host makes no URL, the bare path %j is taken", (bare, path) => {
  expect(locate(bare).path).toBe(path);
});
