/** Why an address cannot be had, and what to do about it. */

import { codeOf } from "../domain/failure.ts";

export interface ListenTrouble {
  readonly why: string;
  readonly remedy: string;
}

const ELSEWHERE = "by [server] listen or --listen";

const TROUBLES: Readonly<Record<string, ListenTrouble>> = {
  EADDRINUSE: {
    why: "the address is in use",
    remedy: `is another mellamo running? Else choose another ${ELSEWHERE}`,
  },
  EADDRNOTAVAIL: {
    why: "this machine has no such address",
    remedy: `choose one that it has, or ":PORT" for all of them, ${ELSEWHERE}`,
  },
  // what Bun says of a name that cannot be looked up
  ENXIO: {
    why: "its host name is not known",
    remedy: `look at its spelling, and at the name servers of this machine, or write an address, ${ELSEWHERE}`,
  },
  EACCES: {
    why: "permission denied",
    remedy: `below 1024 a port needs CAP_NET_BIND_SERVICE, and a Unix socket a folder that may be written; or choose another ${ELSEWHERE}`,
  },
  ENOENT: { why: "no such folder", remedy: `make it, or choose another ${ELSEWHERE}` },
};

export function listenTrouble(failure: unknown): ListenTrouble {
  const code = codeOf(failure);
  return TROUBLES[code] ?? { why: code, remedy: `choose another address ${ELSEWHERE}` };
}
