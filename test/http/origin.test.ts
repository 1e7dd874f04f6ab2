/** Which web pages may call, and what their browsers are told. */

import { describe, expect, test } from "bun:test";

import { originsOf } from "../../src/http/origin.ts";

const SELF = "localhost:11435";

function pageOf(origin: string): Headers {
  return new Headers({ host: SELF, origin });
}

describe("without any configured origin", () => {
  const origins = originsOf([]);

  test.each([
    "http://localhost",
    "https://localhost",
    "http://localhost:3000",
    "https://localhost:8443",
    "http://127.0.0.1",
    "http://127.0.0.1:3000",
    "https://127.0.0.1:3000",
    "http://0.0.0.0:3000",
    "http://[::1]:3000",
    "app://obsidian.md",
    "file://",
    "file:///home",
    "tauri://localhost",
    "vscode-webview://0a1b",
    "vscode-file://vscode-app",
    "chrome-extension://abcdef",
    "moz-extension://0a-1b",
    "safari-web-extension://0a",
  ])("%s may call", (origin) => {
    expect(origins.allows(pageOf(origin))).toBe(true);
  });

  test.each([
    "https://example.com",
    "http://example.com:3000",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "https://example.com/http://localhost",
    "http://127.0.0.2:3000",
    "http://192.168.1.5:3000",
    "ftp://localhost",
    "null",
    "",
    "*",
  ])("%j may not call", (origin) => {
    expect(origins.allows(pageOf(origin))).toBe(false);
  });

  test("a request without Origin is no page's and may come in", () => {
    expect(origins.allows(new Headers({ host: SELF }))).toBe(true);
  });

  test.each(["http://box.lan:8080", "https://box.lan:8080"])(
    "a page that came from the router itself at %s may call, and is told nothing",
    (origin) => {
      const headers = new Headers({ host: "box.lan:8080", origin });
      expect(origins.allows(headers)).toBe(true);
      const answer = new Headers();
      origins.mark(answer, headers);
      expect([...answer]).toEqual([]);
    },
  );

  test("the same host on another port is another origin", () => {
    expect(origins.allows(new Headers({ host: "box.lan:8080", origin: "http://box.lan:80" }))).toBe(false);
  });

  test("an answer names the page that may read it, and keeps what it varies by already", () => {
    const answer = new Headers({ vary: "Accept" });
    origins.mark(answer, pageOf("http://localhost:3000"));
    expect(answer.get("access-control-allow-origin")).toBe("http://localhost:3000");
    expect(answer.get("vary")).toBe("Accept, Origin");
  });
});

describe("configured origins", () => {
  test.each<[string, string, boolean]>([
    ["https://app.example.com", "https://app.example.com", true],
    ["https://app.example.com", "https://app.example.com:8443", false],
    ["https://app.example.com", "http://app.example.com", false],
    ["https://*.example.com", "https://a.b.example.com", true],
    ["https://*.example.com", "https://example.com", false],
    ["https://*.example.com", "https://example.com.evil.org", false],
    ["http://box:*", "http://box:3000", true],
    ["https://a.example", "https://aXexample", false],
    ["null", "null", true],
  ])("with %j, %s is let in: %p", (configured, origin, allowed) => {
    expect(originsOf([configured]).allows(pageOf(origin))).toBe(allowed);
  });

  test("are added to the local ones, which stay", () => {
    expect(originsOf(["https://app.example.com"]).allows(pageOf("http://localhost:3000"))).toBe(true);
  });
});

describe("with *", () => {
  const origins = originsOf(["*"]);

  test.each(["https://example.com", "null", "http://localhost:3000", "anything"])("%s may call", (origin) => {
    expect(origins.allows(pageOf(origin))).toBe(true);
    const answer = new Headers();
    origins.mark(answer, pageOf(origin));
    expect(Object.fromEntries(answer)).toEqual({ "access-control-allow-origin": "*" });
  });
});

test("a preflight is told the methods, the headers it asked for, and how long that holds", () => {
  const request = pageOf("http://localhost:3000");
  request.set("access-control-request-headers", "x-api-key, anthropic-version,x-new");
  const answer = originsOf([]).preflight(request, "HEAD, GET");
  expect(answer.status).toBe(204);
  expect(Object.fromEntries(answer.headers)).toEqual({
    "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
    "access-control-allow-headers": "x-api-key, anthropic-version,x-new",
    "access-control-max-age": "43200",
    allow: "HEAD, GET",
    vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
  });
});

test("a preflight that asks for no headers is told the usual ones, and for an unknown path no methods", () => {
  const { headers } = originsOf(["*"]).preflight(pageOf("https://example.com"), "");
  expect(headers.get("access-control-allow-headers")).toBe("Authorization,Content-Type");
  expect(headers.has("allow")).toBe(false);
  expect(headers.has("vary")).toBe(false);
});
