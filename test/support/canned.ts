/** An engine whose answers a test has written down: JSON by path for GET, a function for all other methods. */

export interface Canned extends AsyncDisposable {
  readonly url: string;
  /** What a path answers from now on; `undefined` takes it away. */
  say(path: string, json: unknown): void;
  /** Stops listening; `canned` on the same port brings it back. */
  stop(): Promise<void>;
}

export type Rest = (request: Request, path: string) => Response | Promise<Response>;

const NO_PAGE = (): Response => new Response("404 page not found", { status: 404 });

export function canned(answers: Readonly<Record<string, unknown>>, rest: Rest = NO_PAGE): Canned {
  const written = new Map(Object.entries(answers));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method !== "GET") return rest(request, pathname);
      const json = written.get(pathname);
      return json === undefined ? NO_PAGE() : Response.json(json);
    },
  });
  const stop = async (): Promise<void> => server.stop(true);
  return {
    url: server.url.origin,
    say(path, json) {
      written.set(path, json);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** An Ollama's lists, by their paths. */
export function ollamaLists(
  tags: readonly object[],
  ps: readonly object[] = [],
  version = "0.33.0",
): Record<string, unknown> {
  return { "/api/tags": { models: tags }, "/api/ps": { models: ps }, "/api/version": { version } };
}

/** A row of `/api/tags` as a real Ollama writes it; other names have other digests. */
export function tagsRow(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name,
    model: name,
    modified_at: "2026-03-01T10:00:00.123456789Z",
    size: 796340,
    digest: new Bun.CryptoHasher("sha256").update(name).digest("hex"),
    details: {
      parent_model: "",
      format: "gguf",
      family: "llama",
      families: ["llama"],
      parameter_size: "392K",
      quantization_level: "F16",
      context_length: 4096,
      embedding_length: 128,
    },
    capabilities: ["completion", "tools"],
    ...more,
  };
}
