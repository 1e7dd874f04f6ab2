/** A router over one engine of any kind that has the model "m", and what that engine heard, byte for byte. */

import { rawBackend, type Talk } from "./backend.ts";
import type { Mellamo } from "./mellamo.ts";
import { routerOver } from "./over.ts";
import { say } from "./say.ts";

export interface Listener extends AsyncDisposable {
  readonly router: Mellamo;
  /** The body that the engine gets when a client sends this one; rejects where it gets none. */
  hear(path: string, body: string | Uint8Array, headers?: readonly string[]): Promise<string>;
}

/** `toml` is the rest of the configuration; the engine is the backend "box". */
export async function listenerOf(engine: string, toml: string): Promise<Listener> {
  await using starting = new AsyncDisposableStack();
  const heard: string[] = [];
  const kind = engine === "ollama" ? "ollama" : "openai";
  const backend = starting.use(await rawBackend(["m"], (talk) => answer(talk, heard), kind));
  const router = starting.use(await routerOver({ box: { url: backend.url, engine } }, toml));
  const started = starting.move();
  return {
    router,
    async hear(path, body, headers = ["Content-Type: application/json"]) {
      const before = heard.length;
      const said = await say(router.port, `POST ${path}`, headers, body);
      const [text] = heard.slice(before);
      if (text === undefined) throw new Error(`The engine heard nothing: ${said.status} ${said.body}`);
      return text;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** To paths that it does not have it says what LM Studio says: all others look at the status. */
function answer(talk: Talk, heard: string[]): Promise<void> {
  if (talk.method === "GET") return talk.answer(404, '{"error":"Unexpected endpoint or method. (GET)"}');
  heard.push(talk.body.toString());
  return talk.answer(200, '{"model":"m"}');
}
