/** Addresses of Unix sockets as the kernel wants them. */

import { expect, test } from "bun:test";

import { socketAddressOf } from "../../src/systemd/datagrams.ts";

const FAMILY = "\x01\x00";

test.each([
  ["/run/systemd/notify", `${FAMILY}/run/systemd/notify\0`],
  ["@a/name", `${FAMILY}\0a/name`],
  [`/${"x".repeat(106)}`, `${FAMILY}/${"x".repeat(106)}\0`],
  [`@${"x".repeat(107)}`, `${FAMILY}\0${"x".repeat(107)}`],
])("%s", (address, bytes) => {
  expect(socketAddressOf(address)?.toString("latin1")).toBe(bytes);
});

test.each(["", "notify", "vsock:2:1", `/${"x".repeat(107)}`, `@${"x".repeat(108)}`, `/${"ł".repeat(54)}`])(
  "%j is none",
  (address) => {
    expect(socketAddressOf(address)).toBeUndefined();
  },
);
