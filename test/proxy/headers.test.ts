/** Which headers pass between a client and a backend. */

import { describe, expect, test } from "bun:test";

import { hasPassed, type Outgoing, requestHeaders, responseHeaders } from "../../src/proxy/headers.ts";

const PLAIN: Outgoing = {
  key: undefined,
  contentType: undefined,
  contentLength: undefined,
  readable: false,
  via: "mellamo-1",
};

function sent(headers: Record<string, string>, outgoing: Partial<Outgoing> = {}): Record<string, string> {
  const { via: _, ...others } = requestHeaders(new Headers(headers), { ...PLAIN, ...outgoing });
  return others;
}

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

describe("to the backend", () => {
  test.each([...HOP_BY_HOP, "host", "origin", "expect", "content-length", "content-encoding"])(
    "%s does not pass",
    (name) => {
      expect(sent({ [name]: "x", "x-other": "y" })).toEqual({ "x-other": "y" });
    },
  );

  test.each([
    "accept",
    "authorization",
    "x-api-key",
    "user-agent",
    "cookie",
    "anthropic-version",
    "anthropic-beta",
    "openai-organization",
    "x-request-id",
    "x-forwarded-for",
    "traceparent",
    "content-type",
    "accept-encoding",
  ])("%s passes", (name) => {
    expect(sent({ [name]: "x" })).toEqual({ [name]: "x" });
  });

  test.each([
    ["x-gone", { "x-stays": "2" }],
    ["close, X-Gone ,x-stays", {}],
    ["x-gone,,", { "x-stays": "2" }],
    ["bad name, x-gone", { "x-stays": "2" }],
    ['"x-stays"', { "x-gone": "1", "x-stays": "2" }],
  ])("what Connection names does not pass either: %j", (connection, rest) => {
    expect(sent({ connection, "x-gone": "1", "x-stays": "2" })).toEqual(rest);
  });

  test("the backend's key takes the place of whatever the client sent", () => {
    expect(sent({ authorization: "Bearer client", "x-api-key": "client" }, { key: "own" })).toEqual({
      authorization: "Bearer own",
    });
  });

  test("the body's type is what it turned out to be", () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect(sent(form, { contentType: "application/json" })).toEqual({ "content-type": "application/json" });
  });

  test("the length of a body that streams through is passed on", () => {
    expect(sent({ "content-length": "7" }, { contentLength: "7" })).toEqual({ "content-length": "7" });
  });

  test("an answer that is to be changed is asked for in plain", () => {
    expect(sent({ "accept-encoding": "gzip, br" }, { readable: true })).toEqual({
      "accept-encoding": "identity",
    });
  });

  test("Via says who passed it on, after those who did before", () => {
    expect(requestHeaders(new Headers(), PLAIN)["via"]).toBe("1.1 mellamo-1");
    const headers = requestHeaders(new Headers({ via: "1.0 fred, 1.1 edge" }), PLAIN);
    expect(headers["via"]).toBe("1.0 fred, 1.1 edge, 1.1 mellamo-1");
  });

  test("the client's own headers are left as they are", () => {
    const client = new Headers({ host: "a", connection: "x-b", "x-b": "1" });
    requestHeaders(client, { ...PLAIN, key: "k" });
    expect(Object.fromEntries(client)).toEqual({ host: "a", connection: "x-b", "x-b": "1" });
  });
});

describe("to the client", () => {
  test.each([
    ...HOP_BY_HOP,
    "content-length",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
  ])("%s does not pass", (name) => {
    expect(responseHeaders(new Headers({ [name]: "x", server: "y" }))).toEqual({ server: "y" });
  });

  test("what Connection names does not pass either", () => {
    const headers = responseHeaders(new Headers({ connection: "close, x-inner", "x-inner": "1", date: "2" }));
    expect(headers).toEqual({ date: "2" });
  });

  test("cookies are not among them, for two of them do not go into one text", () => {
    expect(
      responseHeaders(
        new Headers([
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
          ["date", "2"],
        ]),
      ),
    ).toEqual({
      date: "2",
    });
  });
});

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ["1.1 mellamo-2", false],
  ["1.1 mellamo-1", true],
  ["1.0 fred, 1.1 mellamo-1, 1.1 mellamo-2", true],
])("a request with Via %j has been here before: %p", (via, passed) => {
  expect(hasPassed(new Headers(via === undefined ? {} : { via }), "mellamo-1")).toBe(passed);
});
