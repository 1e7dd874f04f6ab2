/** The router listens on a host and port, on a port of every address, or on a Unix socket. */

import { describe, expect, test } from "bun:test";

import { isLoopback, listenText, parseListen } from "../../src/config/listen.ts";

describe("an address", () => {
  test.each([
    ["127.0.0.1:11435", "127.0.0.1", 11435],
    ["localhost:80", "localhost", 80],
    ["gpu-1.lan:65535", "gpu-1.lan", 65_535],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["[::1]:8080", "::1", 8080],
    ["[::]:8080", "::", 8080],
    ["[FE80::1]:1", "FE80::1", 1],
    ["[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1],
  ])("%s is a host and a port", (text, hostname, port) => {
    expect(parseListen(text)).toEqual({ kind: "tcp", hostname, port });
  });

  test("a port alone means every address of the machine", () => {
    expect(parseListen(":11435")).toEqual({ kind: "tcp", hostname: "::", port: 11435 });
  });

  test.each(["/run/m.sock", "m.sock", "/with blank/ü:1.sock"])("unix:%s is a socket's path", (path) => {
    expect(parseListen(`unix:${path}`)).toEqual({ kind: "unix", path });
  });

  test.each([
    "",
    ":",
    "localhost",
    "11435",
    "localhost:",
    "localhost:http",
    "localhost:65536",
    "localhost:99999",
    "localhost:100000",
    "localhost:-1",
    "localhost:8 ",
    " localhost:8",
    "local host:8",
    "::1:8080",
    "[::1]",
    "[::1]8080",
    "[]:8080",
    "[localhost]:8080",
    "http://localhost:8080",
    "localhost:8080/",
    "unix:",
    "unix",
  ])("%j is none", (text) => {
    expect(parseListen(text)).toBeUndefined();
  });

  test.each(["127.0.0.1:11435", "localhost:80", "[::1]:8080", "unix:/run/m.sock"])(
    "%s is shown as it is written",
    (text) => {
      const listen = parseListen(text);
      expect(listen && listenText(listen)).toBe(text);
    },
  );
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["::", false],
  ["0.0.0.0", false],
  ["192.168.1.2", false],
  ["127.0.0.1.example.org", false],
  ["localhost.example.org", false],
])("only this machine reaches %s: %p", (hostname, alone) => {
  expect(isLoopback(hostname)).toBe(alone);
});
