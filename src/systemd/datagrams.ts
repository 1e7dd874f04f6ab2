/** Sends datagrams to a Unix socket, which Bun has no call for: by libc's own. Linux only. */

/** From `<sys/socket.h>` of Linux: the same numbers on every architecture that Bun runs on. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/** `sun_path` of `struct sockaddr_un`. */
const PATH_BYTES = 108;

/** glibc's, and musl's as Alpine has it. */
const LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

/** Tells whether the text was taken. Never waits, and never throws: the other end may be full, or gone. */
export type Send = (text: string) => boolean;

/** The address is a path or, with an `@` before it, an abstract name. Rejects for others, and where there is no such call. */
export async function datagramsTo(address: string): Promise<Send> {
  const socketAddress = socketAddressOf(address);
  if (socketAddress === undefined) throw new Error(`"${address}" is no address of a Unix socket`);
  const { socket, sendto } = await openLibc();
  const descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw new Error("no Unix socket can be opened");
  return (text) => {
    const bytes = Buffer.from(text);
    const sent = sendto(
      descriptor,
      bytes,
      bytes.length,
      MSG_DONTWAIT | MSG_NOSIGNAL,
      socketAddress,
      socketAddress.length,
    );
    return Number(sent) === bytes.length;
  };
}

/** A `struct sockaddr_un` that is as long as it is to be said: an abstract name has no end of its own. */
export function socketAddressOf(address: string): Buffer | undefined {
  const isAbstract = address.startsWith("@");
  if (!isAbstract && !address.startsWith("/")) return undefined;
  const path = Buffer.from(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  if (path.length > PATH_BYTES) return undefined;
  const family = Buffer.from(new Uint16Array([AF_UNIX]).buffer);
  return Buffer.concat([family, path]);
}

/** Loaded only here: whom nothing is asked of by systemd starts without it. */
async function openLibc() {
  const { dlopen } = await import("bun:ffi");
  const symbols = {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    sendto: { args: ["i32", "ptr", "usize", "i32", "ptr", "u32"], returns: "i64" },
  } as const;
  for (const library of LIBRARIES) {
    try {
      return dlopen(library, symbols).symbols;
    } catch {
      // the other libc
    }
  }
  throw new Error(`none of ${LIBRARIES.join(", ")} can be loaded`);
}
