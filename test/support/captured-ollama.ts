/** An Ollama that is none: it has real ones' recorded answers, and remembers which models and blobs it was given. */

import { capture, captured } from "./captures.ts";
import { headerOf } from "./response.ts";

/** What clients send; each path reads what concerns it. */
interface Asked {
  readonly model?: string;
  readonly name?: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string }[];
  readonly tools?: readonly object[];
  readonly think?: boolean;
  readonly from?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly destination?: string;
}

export interface OllamaCall {
  /** Method and path. */
  readonly what: string;
  readonly asked: Asked;
}

export interface CapturedOllama extends AsyncDisposable {
  readonly url: string;
  /** What it was asked to do, in order; not the lists. */
  readonly calls: readonly OllamaCall[];
}

type Row = Readonly<Record<string, unknown>> & { readonly name: string };

/** Starts one that has `models`, of those that were there when the real one was recorded. */
export function capturedOllama(...models: readonly string[]): CapturedOllama {
  const calls: OllamaCall[] = [];
  const blobs = new Set<string>();
  const known = rowsOf("ollama-tags");
  const rows = new Map(known.filter(({ name }) => models.includes(name)).map((row) => [row.name, row]));
  const [template] = known;

  const add = (name: string): void => {
    rows.set(tagged(name), { ...template, name: tagged(name), model: tagged(name) });
  };
  const has = (name = ""): boolean => rows.has(tagged(name));

  const facts: Record<string, () => Response> = {
    "/": () => new Response("Ollama is running"),
    "/api/version": () => replay("ollama-version"),
    "/api/tags": () => Response.json({ models: [...rows.values()] }),
    "/api/ps": () => Response.json({ models: rowsOf("ollama-ps").filter(({ name }) => has(name)) }),
  };

  const deeds: Record<string, (asked: Asked, name: string) => Response> = {
    "POST /api/pull": (asked, name) => {
      if (name.includes("nosuch")) return replay("ollama-pull-404-stream");
      return replay(streamed(asked, "ollama-pull"), undefined, () => add(name));
    },
    "POST /api/push": (asked, name) => replay(has(name) ? streamed(asked, "ollama-push") : "ollama-push-404"),
    "POST /api/create": (asked, name) => {
      if (!Object.values(asked.files ?? {}).every((digest) => blobs.has(digest)))
        return replay("ollama-create-err-noblob");
      const kind = asked.from === undefined ? "ollama-create" : "ollama-create-from";
      return replay(streamed(asked, kind), undefined, () => add(name));
    },
    "POST /api/copy": ({ source, destination = "" }) => {
      if (!has(source)) return replay("ollama-copy-404");
      add(destination);
      return replay("ollama-copy");
    },
    "DELETE /api/delete": (_, name) =>
      replay(rows.delete(tagged(name)) ? "ollama-delete" : "ollama-delete-404"),
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const fact = facts[pathname];
      if (request.method === "GET" && fact !== undefined) return fact();
      const what = `${request.method} ${pathname}`;
      if (pathname.startsWith("/api/blobs/")) {
        calls.push({ what, asked: {} });
        return blob(request, pathname.slice("/api/blobs/".length), blobs);
      }
      const answer = ANSWERS[what];
      const deed = deeds[what];
      if (answer === undefined && deed === undefined)
        return new Response("404 page not found", { status: 404 });
      const asked = (await request.json()) as Asked;
      calls.push({ what, asked });
      const name = asked.model || asked.name || "";
      if (deed !== undefined) return deed(asked, name);
      return has(name) && answer !== undefined ? replay(answer(asked), name) : replay("ollama-chat-404");
    },
  });
  return { url: server.url.origin, calls, [Symbol.asyncDispose]: () => server.stop(true) };
}

/** Which recording answers what a model was asked. */
const ANSWERS: Record<string, (asked: Asked) => string> = {
  "POST /api/chat": (asked) => {
    if (asked.tools !== undefined && asked.messages?.at(-1)?.role === "tool")
      return "ollama-chat-tools-result";
    const kind = asked.tools !== undefined ? "-tools" : asked.think === true ? "-think" : "";
    return `ollama-chat${kind}${asked.stream === false ? "" : "-stream"}`;
  },
  "POST /api/generate": ({ stream }) => `ollama-generate${stream === false ? "" : "-stream"}`,
  "POST /api/embed": () => "ollama-embed",
  "POST /api/embeddings": () => "ollama-embeddings",
  "POST /api/show": () => "ollama-show",
};

function streamed({ stream }: Asked, kind: string): string {
  return `${kind}-${stream === false ? "nonstream" : "stream"}`;
}

/** A recorded answer, line by line, with the name that was asked for. `before` is called before the last line. */
function replay(name: string, model?: string, before: () => void = () => {}): Response {
  const answer = capture(name);
  const body = answer.body.toString();
  const lines = body
    .split(/(?<=\n)(?=.)/s)
    .map((line) =>
      model === undefined
        ? line
        : line.replace(/^\{"model":"[^"]*"/, () => `{"model":${JSON.stringify(model)}`),
    );
  async function* speak(): AsyncGenerator<string> {
    for (const line of lines.slice(0, -1)) {
      yield line;
      await Bun.sleep(1);
    }
    before();
    yield lines.at(-1) ?? "";
  }
  if (body === "") before();
  const contentType = headerOf(answer, "content-type");
  const headers = contentType === undefined ? {} : { "content-type": contentType };
  return new Response(body === "" ? null : speak(), { status: answer.status, headers });
}

async function blob(request: Request, digest: string, blobs: Set<string>): Promise<Response> {
  if (request.method === "HEAD") return new Response(null, { status: blobs.has(digest) ? 200 : 404 });
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of request.body ?? []) hash.update(chunk);
  if (digest !== `sha256:${hash.digest("hex")}`) return replay("ollama-blob-post-mismatch");
  blobs.add(digest);
  return replay("ollama-blob-post-201");
}

function rowsOf(name: string): readonly Row[] {
  const { models } = captured(name) as { readonly models: readonly Row[] };
  return models;
}

function tagged(name: string): string {
  return name.includes(":") ? name : `${name}:latest`;
}
