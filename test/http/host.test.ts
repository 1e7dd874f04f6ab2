/** Which Host headers may come in where only this machine can reach the router. */

import { expect, test } from "bun:test";
import { hostname, networkInterfaces } from "node:os";

import { isOwnHost, isWellFormedHost } from "../../src/http/host.ts";

test.each([
  "localhost",
  "localhost:11434",
  "localhost:",
  "LocalHost:80",
  "127.0.0.1",
  "127.0.0.1:11434",
  "127.255.1.2:80",
  "0.0.0.0:11434",
  "[::1]",
  "[::1]:11434",
  "[::]:80",
  "10.0.0.1",
  "10.255.255.255:1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.5:11434",
  "[fd00::1]:80",
  "[fc12:3::1]",
  "box.local:11434",
  "BOX.Local",
  "ollama.localhost",
  "host.docker.internal:11434",
  "",
])("%j may come in", (host) => {
  expect(isOwnHost(host)).toBe(true);
});

test("no Host at all may come in, as HTTP/1.0 clients send none", () => {
  expect(isOwnHost(null)).toBe(true);
});

test("the machine's own name and addresses may come in", () => {
  expect(isOwnHost(hostname())).toBe(true);
  expect(isOwnHost(`${hostname().toUpperCase()}:11434`)).toBe(true);
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, family } of addresses ?? []) {
      expect(isOwnHost(family === "IPv6" ? `[${address}]:80` : `${address}:80`)).toBe(true);
    }
  }
});

test.each([
  "example.com",
  "example.com:11434",
  "localhost.example.com",
  "127.0.0.1.example.com",
  "10.0.0.1.nip.io",
  "notlocalhost",
  "evil.local.example.com",
  "local",
  "internal",
  "boxlocal",
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "192.169.0.1",
  "11.0.0.1",
  "128.0.0.1",
  "[2001:db8::1]",
  "[fe00::1]",
  "127.0.0",
  "1270.0.0.1",
  "127.0.0.1.",
])("%j is turned away", (host) => {
  expect(isOwnHost(host)).toBe(false);
});

test.each([
  "localhost",
  "a-b.c_d~",
  "1.2.3.4:80",
  "[::1]:80",
  "[::ffff:1.2.3.4]",
  "a%41",
  "",
  "localhost:",
  ":80",
])("%j can be a Host", (host) => {
  expect(isWellFormedHost(host)).toBe(true);
});

test.each([
  "evil.com/path?",
  "a b",
  "user@localhost",
  "localhost:80:80",
  "localhost:abc",
  "[::1",
  "::1",
  "[localhost]",
  "a#b",
  "a?b",
  "a\\b",
  "localhost, evil.com",
  "münchen.de",
])("%j cannot be a Host", (host) => {
  expect(isWellFormedHost(host)).toBe(false);
});
