/** Engines that can be reached until they are lost, each in another way: nothing gets to them from then on. */

import { rawBackend } from "./backend.ts";
import { type Certificate, selfSigned } from "./certificate.ts";
import { deafPort } from "./deaf-port.ts";
import { folderOf } from "./folder.ts";
import { listAnswer } from "./list-answer.ts";
import type { Place } from "./mellamo.ts";
import { CAN_MOUNT, mountedOver } from "./mounts.ts";

/** Engines of either kind that have the model `m`. */
export interface Losable extends AsyncDisposable {
  readonly url: string;
  /** Where a router has to run to reach it. */
  readonly place: Place;
  lose(): Promise<void>;
}

export interface Way {
  readonly name: string;
  /** What the router says of it. */
  readonly why: string;
  /** Whether nobody answers at all, rather than somebody who refuses. */
  readonly isLate: boolean;
  readonly open: () => Promise<Losable>;
}

const REFUSED: Way = {
  name: "refuses connections",
  why: "connection refused",
  isLate: false,
  async open() {
    const engine = await rawBackend(["m"], () => {}, "both");
    return { ...engine, place: {}, lose: engine.stop };
  },
};

const NAMELESS: Way = {
  name: "has lost its name",
  why: "host not found",
  isLate: false,
  async open() {
    await using starting = new AsyncDisposableStack();
    const engine = starting.use(await rawBackend(["m"], () => {}, "both"));
    const folder = starting.use(await folderOf({ hosts: "127.0.0.1 localhost engine.test\n" }));
    const started = starting.move();
    return {
      url: `http://engine.test:${engine.port}`,
      place: {
        through: mountedOver(folder.at("hosts"), "/etc/hosts"),
        env: { BUN_CONFIG_DNS_TIME_TO_LIVE_SECONDS: "0" },
      },
      async lose() {
        // what is mounted is the very file
        await Bun.write(folder.at("hosts"), "127.0.0.1 localhost\n");
        // no connection is left of the time before; the engine itself is well
        await engine.stop();
        await engine.start();
        // the time for which names are known has no fractions
        await Bun.sleep(1100);
      },
      [Symbol.asyncDispose]: () => started.disposeAsync(),
    };
  },
};

const TLS_LESS: Way = {
  name: "has lost its TLS",
  why: "no TLS on that port",
  isLate: false,
  open: () => behindTls(async (port) => plain(port)),
};

const STRANGER: Way = {
  name: "has a certificate that nobody trusts",
  why: "DEPTH_ZERO_SELF_SIGNED_CERT",
  isLate: false,
  open: () =>
    behindTls(async (port) => {
      const server = lister(port, await selfSigned());
      return { [Symbol.asyncDispose]: () => server.stop(true) };
    }),
};

const MUTE: Way = {
  name: "takes connections and does not shake hands",
  why: "connection timed out",
  isLate: true,
  open: () => behindTls(async (port) => plain(port, "")),
};

const DEAF: Way = {
  name: "does not take connections",
  why: "connection timed out",
  isLate: true,
  async open() {
    const deaf = await deafPort();
    return { ...deaf, place: {}, lose: () => deaf.goDeaf() };
  },
};

export const WAYS: readonly Way[] = [
  REFUSED,
  ...(CAN_MOUNT ? [NAMELESS] : []),
  TLS_LESS,
  STRANGER,
  MUTE,
  DEAF,
];

/** An engine behind TLS, until something else takes its port. */
async function behindTls(successor: (port: number) => Promise<AsyncDisposable>): Promise<Losable> {
  await using starting = new AsyncDisposableStack();
  const certificate = await selfSigned();
  const folder = starting.use(await folderOf({ "engine.pem": certificate.cert }));
  const engine = lister(0, certificate);
  const { origin, port } = engine.url;
  starting.defer(() => engine.stop(true));
  const started = starting.move();
  return {
    url: origin,
    place: { env: { NODE_EXTRA_CA_CERTS: folder.at("engine.pem") } },
    async lose() {
      await engine.stop(true);
      started.use(await successor(Number(port)));
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Lists models behind TLS, and knows nothing else. */
function lister(port: number, tls: Certificate): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port,
    tls,
    fetch({ method, url }) {
      const list = listAnswer({ method, path: new URL(url).pathname }, ["m"], [], "both");
      return new Response(list, { status: list === undefined ? 404 : 200 });
    },
  });
}

const BAD_REQUEST = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

/** Answers whatever comes as a server does that has not been told of TLS; with nothing to say, it keeps listening. */
function plain(port: number, words = BAD_REQUEST): AsyncDisposable {
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port,
    socket: { data: (socket) => void (words !== "" && socket.end(words)) },
  });
  return { [Symbol.asyncDispose]: async () => server.stop(true) };
}
