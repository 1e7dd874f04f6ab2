/** A router in front of an Ollama with the models "tiny" and "other", and a store of aliases that outlives it. */

import { readFile } from "node:fs/promises";

import { backendTable } from "./backend-table.ts";
import { folderOf } from "./folder.ts";
import { type ManagingOllama, managingOllama } from "./managing.ts";
import { type Mellamo, mellamo } from "./mellamo.ts";

export interface AliasStage extends AsyncDisposable {
  readonly engine: ManagingOllama;
  /** The one that runs now. */
  readonly router: Mellamo;
  readonly url: string;
  /** The path of the store's file. */
  readonly store: string;
  /** What that holds; undefined where there is none. */
  readonly stored: () => Promise<string | undefined>;
  /** Asks for a name: the model that the engine was asked for then, or the status and words of the refusal. */
  readonly ask: (name: string) => Promise<string>;
  /** Ends the router, and starts another. */
  readonly restart: () => Promise<void>;
}

interface Asked {
  readonly model?: string;
  readonly mark?: number;
}

/** `store` is what the file holds at the start; `toml` the rest of the configuration. */
export async function aliasStage({
  store,
  toml = "",
}: { readonly store?: string; readonly toml?: string } = {}): Promise<AliasStage> {
  await using starting = new AsyncDisposableStack();
  const engine = starting.use(await managingOllama(["tiny", "other"]));
  const folder = starting.use(await folderOf(store === undefined ? {} : { "server.json": store }));
  const start = async (): Promise<Mellamo> => {
    const router = await mellamo(`${toml}\n${backendTable("box", engine.url, 'engine = "ollama"')}`, {
      env: { STATE_DIRECTORY: folder.path },
    });
    await router.log.until(/event="backend up"/);
    return router;
  };
  let router = await start();
  let asked = 0;
  starting.defer(async () => {
    await router.end();
  });
  const started = starting.move();
  return {
    engine,
    get router() {
      return router;
    },
    get url() {
      return router.url;
    },
    store: folder.at("server.json"),
    stored: () => readFile(folder.at("server.json"), "utf8").catch(() => undefined),
    async ask(name) {
      const mark = ++asked;
      const body = JSON.stringify({ model: name, stream: false, mark });
      const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body });
      const text = await answer.text();
      if (answer.status !== 200)
        return `${answer.status} ${(JSON.parse(text) as { readonly error: string }).error}`;
      const bodies = engine.talks.map(({ body: heard }) => JSON.parse(heard.toString() || "{}") as Asked);
      return bodies.find((heard) => heard.mark === mark)?.model ?? "nobody";
    },
    async restart() {
      await router.end();
      router = await start();
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
