/** Replays captures on a real socket, as the engine they came from. */

import { type AddressInfo, createServer, type Socket } from "node:net";

import { nameIn, renamed, sameModel, withoutNames } from "./captured-names.ts";
import { type Capture, capture, type CapturedRequest, captures } from "./captures.ts";
import { type Parsed, parseRequest } from "./parse-request.ts";
import { headerOf } from "./response.ts";

/** One request, and the capture it was answered with. */
export interface Replayed {
  readonly request: Parsed;
  readonly name: string;
}

export interface Replay extends AsyncDisposable {
  readonly url: string;
  /** All requests so far, in order. */
  readonly replayed: readonly Replayed[];
}

/** Names the capture a client wants, where several have the same request. */
export const WANTED = "x-capture";

/**
 * An Ollama 0.33. A capture answers the request it was taken with, whatever model that names: like an Ollama it calls
 * the model what the request calls it. What it has no capture for is an unknown path. It lists `models`, or all that
 * captures speak of.
 */
export function replayedOllama(models?: readonly string[]): Promise<Replay> {
  const all = [...captures("ollama-").values()].filter(({ name }) => !name.startsWith("ollama-alias-"));
  const unknown = capture("ollama-path-404");
  const tags = models === undefined ? everyModel() : theseModels(models);
  return replay((request) => {
    if (request.method === "GET" && request.path === "/api/tags") return tags;
    const name = nameIn(request.body);
    const fitting = all.filter((one) => one.request !== undefined && isSameCall(one.request, request));
    const [best] = fitting.toSorted((a, b) => distance(a, request, name) - distance(b, request, name));
    return best === undefined ? unknown : renamed(best, name);
  });
}

/** The list with all models that captures speak of; one of them, a copy, was there only for a while. */
function everyModel(): Capture {
  const tags = capture("ollama-tags-foreign-host");
  const [row = ""] = /\{"name":"tiny:latest".*?\]\}/.exec(tags.body.toString()) ?? [];
  const copy = row.replaceAll("tiny:latest", "tinycopy:latest");
  return { ...tags, body: Buffer.from(tags.body.toString().replace(row, `${row},${copy}`)) };
}

/** The list with a row of a captured model for each of these. */
function theseModels(models: readonly string[]): Capture {
  const tags = capture("ollama-tags-foreign-host");
  const [row = ""] = /\{"name":"tiny:latest".*?\]\}/.exec(tags.body.toString()) ?? [];
  const rows = models.map((model) => row.replaceAll("tiny:latest", model));
  return { ...tags, body: Buffer.from(`{"models":[${rows.join(",")}]}`) };
}

/** A llama-server with one model, "tiny". Its captures were taken without their requests. */
export function replayedLlamaServer(): Promise<Replay> {
  return replay((request) => {
    const body = request.body.toString();
    const row = LLAMA.find(
      ([method, path, pattern]) => request.method === method && request.path === path && pattern.test(body),
    );
    return capture(row?.[3] ?? "llama-404");
  });
}

const LLAMA: readonly (readonly [method: string, path: string, body: RegExp, capture: string])[] = [
  ["GET", "/props", /^/, "llama-props"],
  ["GET", "/v1/models", /^/, "llama-models"],
  [
    "POST",
    "/v1/chat/completions",
    /"stream":true.*"tools"|"tools".*"stream":true/,
    "llama-chat-stream-tools",
  ],
  ["POST", "/v1/chat/completions", /"stream":true/, "llama-chat-stream"],
  ["POST", "/v1/chat/completions", /"tools"/, "llama-chat-tools"],
  ["POST", "/v1/chat/completions", /^/, "llama-chat"],
  ["POST", "/v1/completions", /"stream":true/, "llama-completions-stream"],
  ["POST", "/v1/messages", /"stream":true/, "llama-messages-stream"],
  ["POST", "/v1/messages", /^/, "llama-messages"],
  ["POST", "/v1/responses", /"stream":true/, "llama-responses-stream"],
  ["POST", "/v1/responses", /^/, "llama-responses"],
  ["POST", "/v1/embeddings", /^/, "llama-err-embed"],
];

/** Of several captures of one call: the one that is wanted, then those of the same model, then the usual ones. */
function distance({ name, status, request }: Capture, asked: Parsed, model: string | undefined): number {
  if (asked.headers.get(WANTED) === name) return -1;
  const same = sameModel(request?.body && nameIn(request.body), model);
  const special = /^ollama-(queue-full|load-failed|died|blob-missing|cloud|host|cors)-|-empty$/.test(name);
  return (same ? 0 : 2) + (!same && status !== 200 ? 2 : 0) + (special ? 1 : 0);
}

function isSameCall(captured: CapturedRequest, { method, path, body }: Parsed): boolean {
  if (captured.method !== method || captured.path !== path) return false;
  return captured.body === undefined || withoutNames(captured.body) === withoutNames(body);
}

async function replay(pick: (request: Parsed) => Capture): Promise<Replay> {
  const replayed: Replayed[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let buffer = Buffer.alloc(0);
    socket.on("data", (data) => {
      buffer = Buffer.concat([buffer, new Uint8Array(Buffer.from(data))]);
      for (let request = parseRequest(buffer); request !== undefined; request = parseRequest(buffer)) {
        buffer = buffer.subarray(request.length);
        const answer = pick(request);
        replayed.push({ request, name: answer.name });
        write(socket, answer, request.method);
      }
    });
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replayed,
    async [Symbol.asyncDispose]() {
      const { promise, resolve: closed } = Promise.withResolvers<void>();
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
      await promise;
    },
  };
}

/** The head as it was but for the framing; what was chunked, or lasted until the connection ended, goes in chunks. */
function write(socket: Socket, answer: Capture, method: string): void {
  const headers = answer.headers.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name));
  const length = headerOf(answer, "content-length");
  const size = method === "HEAD" ? length : answer.body.length;
  const framing = length === undefined ? "Transfer-Encoding: chunked" : `Content-Length: ${size}`;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  socket.write(
    [`HTTP/1.1 ${answer.status} ${answer.reason}`, ...lines, framing, "", ""].join("\r\n"),
    "latin1",
  );
  if (method !== "HEAD" && length !== undefined) socket.write(answer.body);
  else if (method !== "HEAD") {
    for (const chunk of answer.chunks ?? recordsOf(answer)) socket.write(framed(chunk));
    socket.write("0\r\n\r\n");
  }
  if (headerOf(answer, "connection") === "close") socket.end();
}

function framed(chunk: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]);
}

/** A line, or an event; an OpenAI stream's last event and its `[DONE]` go together. */
function recordsOf({ body }: Capture): Buffer[] {
  const text = body.toString("latin1");
  const ends = /^(event|data): /.test(text) ? /(?<=\n\n)(?!data: \[DONE\])/ : /(?<=\n)(?=.)/s;
  return text.split(ends).flatMap((record) => (record === "" ? [] : [Buffer.from(record, "latin1")]));
}
