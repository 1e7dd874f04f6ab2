/** A router in front of an Ollama, an OpenAI-compatible server, and a backend that is down. */

import { rawBackend, type Talk } from "./backend.ts";
import type { Mellamo } from "./mellamo.ts";
import { NOBODY, routerOver } from "./over.ts";

export interface SmallFleet extends AsyncDisposable {
  readonly router: Mellamo;
  /** `HOST:PORT` of the router. */
  readonly address: string;
  /** Where each backend is, by its name. */
  readonly urls: Readonly<Record<"attic" | "cellar" | "shed", string>>;
}

/** What an engine says to paths it does not have. */
export function noSuchPath(talk: Talk): Promise<void> {
  return talk.answer(404, "{}");
}

export async function smallFleet(): Promise<SmallFleet> {
  await using starting = new AsyncDisposableStack();
  const attic = starting.use(await rawBackend(["llama3:8b", "both"], noSuchPath, "ollama"));
  const cellar = starting.use(await rawBackend(["org/Llama-3", "both"], noSuchPath));
  const urls = { attic: attic.url, cellar: cellar.url, shed: NOBODY };
  const backends = {
    attic: { url: urls.attic },
    cellar: { url: urls.cellar, priority: 50 },
    shed: { url: urls.shed },
  };
  const router = starting.use(await routerOver(backends, NAMES));
  const started = starting.move();
  return {
    router,
    address: `127.0.0.1:${router.port}`,
    urls,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const NAMES = `
[models]
pinned = "shed"
[aliases]
my-llama = ["llama3:8b", { model = "org/Llama-3", backend = "cellar" }]
"gpt-*" = "my-llama"
hidden = { targets = ["both"], listed = false }
lost = "nobody"
`;
