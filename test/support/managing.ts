/** An Ollama that manages models, as far as a router can tell: what is done to it changes its lists. */

import { type RawBackend, rawBackend, type Talk } from "./backend.ts";

export interface ManagingOllama extends RawBackend {
  /** What it was asked to do: method, path and body of each request, in order. */
  readonly deeds: string[];
  readonly models: Set<string>;
  readonly blobs: Set<string>;
}

const NDJSON = { "content-type": "application/x-ndjson" };

export async function managingOllama(names: readonly string[] = []): Promise<ManagingOllama> {
  const models = new Set(names.map(tagged));
  const blobs = new Set<string>();
  const deeds: string[] = [];
  const backend = await rawBackend(
    [...models],
    async (talk) => {
      deeds.push(`${talk.method} ${talk.path} ${talk.body.toString()}`.trimEnd());
      await answer(talk);
    },
    "ollama",
  );

  async function answer(talk: Talk): Promise<void> {
    const digest = /^\/api\/blobs\/(.*)$/.exec(talk.path)?.[1];
    if (digest !== undefined) return answerBlob(talk, digest);
    const body = JSON.parse(talk.body.toString() || "{}") as Record<string, string | undefined>;
    const model = tagged(body["model"] || body["name"] || "");
    if (talk.path === "/api/copy") return change(() => models.add(tagged(body["destination"] ?? "")), talk);
    if (talk.path === "/api/delete") {
      if (models.has(model)) return change(() => models.delete(model), talk);
      return talk.answer(404, JSON.stringify({ error: `model '${body["model"]}' not found` }));
    }
    if (talk.path === "/api/generate") {
      // without a prompt it is told to load a model, or to let go of it
      backend.list([...models], body["keep_alive"] === undefined ? [model] : []);
      return talk.answer(200, '{"done":true}');
    }
    await talk.begin(200, NDJSON);
    await talk.chunk('{"status":"working"}\n');
    if (/^\/api\/(pull|create)$/.test(talk.path)) {
      models.add(model);
      backend.list([...models]);
    }
    await talk.chunk('{"status":"success"}\n');
    return talk.chunk("");
  }

  function change(deed: () => void, talk: Talk): Promise<void> {
    deed();
    backend.list([...models]);
    return talk.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  function answerBlob(talk: Talk, digest: string): Promise<void> {
    const had = blobs.has(digest);
    if (talk.method === "HEAD")
      return talk.send(`HTTP/1.1 ${had ? "200 OK" : "404 Not Found"}\r\nContent-Length: 0\r\n\r\n`);
    blobs.add(digest);
    return talk.send(`HTTP/1.1 ${had ? "200 OK" : "201 Created"}\r\nContent-Length: 0\r\n\r\n`);
  }

  return Object.assign(backend, { deeds, models, blobs });
}

function tagged(name: string): string {
  return name === "" || /:[^/]*$/.test(name) ? name : `${name}:latest`;
}
