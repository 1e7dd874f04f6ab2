/** Sets the stage for the tests of a file: real llama-servers, and one router in front of them all. */

import { afterAll, beforeAll, test } from "bun:test";

import { backendTable } from "./backend-table.ts";
import { findLlamaServer, type LlamaServer, llamaServer } from "./llama-server.ts";
import { type Mellamo, mellamo } from "./mellamo.ts";
import type { TinyModel } from "./tiny-model.ts";

const found = await findLlamaServer();
if ("missing" in found) console.warn(`Skips what needs a real llama-server: ${found.missing}`);

/** `test`, where there is a llama-server. */
export const testWithLlama = test.skipIf("missing" in found);

/** One server: what it calls its model, and what that can do. */
export interface Role {
  readonly alias: string;
  readonly kind?: TinyModel;
  /** Further arguments of llama-server. */
  readonly args?: readonly string[];
  /** Further lines of its `[[backend]]`. */
  readonly toml?: string;
}

/** What only the tests themselves, and no code around them, may look at: before them there is none of it. */
export interface Stage {
  readonly router: Mellamo;
  readonly url: string;
  engine(name: string): LlamaServer;
}

/** The program, for tests that start servers of their own. */
export function llamaProgram(): string {
  if ("missing" in found) throw new Error(found.missing);
  return found.program;
}

/** Each role is a backend of its own, named by its key; `toml` comes after them. */
export function llamaStage(roles: Readonly<Record<string, Role>>, toml = ""): Stage {
  const stack = new AsyncDisposableStack();
  const engines = new Map<string, LlamaServer>();
  let router: Mellamo | undefined;

  beforeAll(async () => {
    if ("missing" in found) return;
    const started = await Promise.all(
      Object.entries(roles).map(async ([name, { alias, kind = {}, args = [], toml: more = "" }]) => {
        const engine = stack.use(await llamaServer(found.program, alias, kind, args));
        engines.set(name, engine);
        return backendTable(name, engine.url, more);
      }),
    );
    router = stack.use(await mellamo(`${started.join("")}${toml}`));
  }, 60_000);
  afterAll(() => stack.disposeAsync());

  const stage = {
    get router(): Mellamo {
      if (router === undefined) throw new Error("The stage is not set yet");
      return router;
    },
    get url(): string {
      return stage.router.url;
    },
    engine(name: string): LlamaServer {
      const engine = engines.get(name);
      if (engine === undefined) throw new Error(`There is no "${name}" on this stage`);
      return engine;
    },
  };
  return stage;
}
