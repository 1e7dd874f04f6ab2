/** Puts the parts of the router together and starts them: the one place that knows them all. */

import { listenText } from "../config/listen.ts";
import type { Loaded } from "../config/load.ts";
import { whyUnwritable } from "../files/writable.ts";
import { raiseHeaderLimit } from "../http/header-limit.ts";
import { routerOf } from "../http/router.ts";
import { ROUTES } from "../http/routes.ts";
import { openServer } from "../http/server.ts";
import { FileStore } from "../store/file-store.ts";
import { follow } from "./follow.ts";
import { Live, type Sources } from "./live.ts";
import { meetSharers } from "./sharers.ts";
import { removeStaleSocket } from "./stale-socket.ts";

export interface Running {
  readonly server: Bun.Server<undefined>;
  /** Where it listens. */
  readonly url: string;
  readonly live: Live;
  /** Ends what goes on beside the server. */
  readonly stop: () => void;
}

/** Resolves when it listens. Rejects when the address cannot be had. */
export async function startRouter(loaded: Loaded, sources: Omit<Sources, "store">): Promise<Running> {
  const { listen } = loaded.config.server;
  const store = new FileStore(loaded.config.storePath);
  await store.load();
  if (store.trouble !== undefined) await store.setAside();
  const live = new Live(loaded, { ...sources, store });
  const why = await whyUnwritable(store.place);
  if (why !== undefined) live.snapshot.log.warn("no aliases can be made", { path: store.place, why });
  const ends = [follow(live, store), () => live.stop()];
  const stop = (): void => {
    for (const end of ends) end();
  };
  try {
    await live.ready();
    await raiseHeaderLimit();
    if (listen.kind === "unix") await removeStaleSocket(listen.path);
    const server = openServer(listen, () => live.snapshot, routerOf(ROUTES));
    const url = listen.kind === "unix" ? listenText(listen) : server.url.origin;
    ends.push(meetSharers(store, url, () => live.snapshot.log));
    return { server, url, live, stop };
  } catch (failure) {
    stop();
    throw failure;
  }
}
