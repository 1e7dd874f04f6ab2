/** The table of routes finds who answers a path and a method. */

import { describe, expect, test } from "bun:test";

import { isProblem } from "../../src/domain/problem.ts";
import type { Responder } from "../../src/http/exchange.ts";
import { type Route, routerOf } from "../../src/http/router.ts";
import { ROUTES } from "../../src/http/routes.ts";

const one: Responder = () => new Response("one");
const two: Responder = () => new Response("two");
const tail: Responder = () => new Response("tail");

const router = routerOf([
  [["HEAD", "GET"], "/a", one],
  [["POST"], "/a", two],
  [["GET"], "/a/*", tail],
  [["HEAD"], "/b/*", one],
  [["POST"], "/b/*", two],
  [["POST"], "/a/fixed", two],
]);

test.each<[string, string, Responder, string]>([
  ["GET", "/a", one, ""],
  ["HEAD", "/a", one, ""],
  ["POST", "/a", two, ""],
  ["GET", "/a/x", tail, "x"],
  ["GET", "/a/x/y/z", tail, "x/y/z"],
  ["GET", "/a/*", tail, "*"],
  ["HEAD", "/b/x", one, "x"],
  ["POST", "/b/x", two, "x"],
])("%s %s has its answer", (method, path, answer, rest) => {
  expect(router.match(method, path)).toEqual({ answer, tail: rest });
});

test("a path of its own goes before a longer one's star, for all methods", () => {
  expect(router.match("POST", "/a/fixed")).toEqual({ answer: two, tail: "" });
  expect(router.match("GET", "/a/fixed")).toEqual({ problem: "wrong method", allow: "POST" });
});

test.each(["/", "/c", "/aa", "/A", "/b", ""])("%j is unknown, whatever the method", (path) => {
  expect(router.match("GET", path)).toEqual({ problem: "unknown path" });
  expect(router.match("PUT", path)).toEqual({ problem: "unknown path" });
  expect(router.allow(path)).toBe("");
});

test.each([
  ["/a", "HEAD, GET, POST"],
  ["/a/x", "GET"],
  ["/b/x", "HEAD, POST"],
])("%s allows %s, in the order of the table", (path, allow) => {
  expect(router.match("PUT", path)).toEqual({ problem: "wrong method", allow });
  expect(router.allow(path)).toBe(allow);
});

test("methods are told apart by case, as HTTP does", () => {
  expect(router.match("get", "/a/x")).toEqual({ problem: "wrong method", allow: "GET" });
});

describe("the router's own table", () => {
  const own = routerOf(ROUTES);

  test("names no method of a path twice", () => {
    const pairs = ROUTES.flatMap(([methods, path]: Route) => methods.map((method) => `${method} ${path}`));
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test("has paths in the form to which all paths are brought", () => {
    const others = ROUTES.map(([, path]) => path).filter(
      (path) => !/^\/([\w-]+(\/([\w-]+|\*))*)?$/.test(path),
    );
    expect(others).toEqual([]);
  });

  test("finds each of its rows by its own method and path", () => {
    for (const [methods, path, answer] of ROUTES) {
      for (const method of methods) {
        const match = own.match(method, path.replace("*", "x"));
        expect(isProblem(match) ? match : match.answer).toBe(answer);
      }
    }
  });
});
