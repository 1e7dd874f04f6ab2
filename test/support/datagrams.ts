/** A datagram socket, as systemd has one for what services tell it. Linux only. */

import { dlopen } from "bun:ffi";

import { socketAddressOf } from "../../src/systemd/datagrams.ts";
import { eventually } from "./deadline.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const LIBRARY =
  process.platform === "linux" && !(await Bun.file("/etc/alpine-release").exists())
    ? "libc.so.6"
    : `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`;

export interface Datagrams extends Disposable {
  /** What has come so far, looked for anew each time. */
  readonly all: () => readonly string[];
  /** The first that matches. */
  readonly until: (pattern: RegExp) => Promise<string>;
}

/** Listens at a path or, with an `@` before it, an abstract name. */
export function datagramsAt(address: string): Datagrams {
  const libc = dlopen(LIBRARY, {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
    recv: { args: ["i32", "ptr", "usize", "i32"], returns: "i64" },
    close: { args: ["i32"], returns: "i32" },
  }).symbols;
  const place = socketAddressOf(address);
  const descriptor = libc.socket(AF_UNIX, SOCK_DGRAM, 0);
  if (place === undefined || libc.bind(descriptor, place, place.length) !== 0)
    throw new Error(`Cannot listen at ${address}`);
  const came: string[] = [];
  let isOpen = true;
  const buffer = Buffer.alloc(4096);
  function all(): readonly string[] {
    while (isOpen) {
      const length = Number(libc.recv(descriptor, buffer, buffer.length, MSG_DONTWAIT));
      if (length < 0) break;
      came.push(buffer.toString("utf8", 0, length));
    }
    return came;
  }
  return {
    all,
    until: (pattern) => eventually(10_000, () => all().find((text) => pattern.test(text))),
    [Symbol.dispose]: () => {
      // its number may be another's by now
      if (isOpen) libc.close(descriptor);
      isOpen = false;
    },
  };
}
