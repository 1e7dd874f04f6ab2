/** A folder with a configuration and an alias store of its own, in which a user runs `mellamo alias …`. */

import { readFile } from "node:fs/promises";

import { type Folder, folderOf } from "./folder.ts";
import { command, type Mellamo, mellamo, type Result } from "./mellamo.ts";

/** Where such commands do their work: at the router that runs, or in the file of the store where none does. */
export const PLACES = ["at a router", "in the file"] as const;

export type Where = (typeof PLACES)[number];

export interface AliasFolder extends AsyncDisposable {
  readonly folder: Folder;
  /** Where a router of this folder listens. */
  readonly socket: string;
  /** The path of the store's file. */
  readonly store: string;
  /** What that holds; undefined where there is none. */
  readonly stored: () => Promise<string | undefined>;
  /** Runs any command here. */
  readonly run: (...args: string[]) => Promise<Result>;
  readonly alias: (...args: string[]) => Promise<Result>;
  /** Starts a router; it ends with the folder. */
  readonly serve: () => Promise<Mellamo>;
}

/** `toml` is the configuration but for where the router listens, `store` what the store's file holds at first. */
export async function aliasFolder(where: Where, toml: string, store?: string): Promise<AliasFolder> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(await folderOf(store === undefined ? {} : { "server.json": store }));
  const socket = folder.at("m.sock");
  const text = `[server]\nlisten = "unix:${socket}"\n${toml}`;
  await Bun.write(folder.at("config.toml"), text);
  const env = { STATE_DIRECTORY: folder.path };
  if (where === "at a router") starting.use(await mellamo(text, { env }));
  const run = (...args: string[]): Promise<Result> => command(args, { cwd: folder.path, env });
  const started = starting.move();
  const path = folder.at("server.json");
  return {
    folder,
    socket,
    store: path,
    stored: () => readFile(path, "utf8").catch(() => undefined),
    run,
    alias: (...args) => run("alias", ...args),
    serve: async () => started.use(await mellamo(text, { env })),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** The text of a store with these entries. */
export function storeText(...aliases: readonly unknown[]): string {
  return `${JSON.stringify({ version: 1, aliases }, null, 2)}\n`;
}

/** The entries of such a text. */
export function entriesIn(text: string | undefined): unknown {
  return text === undefined ? undefined : (JSON.parse(text) as { readonly aliases: unknown }).aliases;
}
