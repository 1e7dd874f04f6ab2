/** The dialects in which a failure shows: what a client asks, what an engine says, and what either is told of a failure. */

/** The id of every request of these tests, which Anthropic's errors name. */
export const REQUEST_ID = "req_1";

export interface Shape {
  readonly dialect: "Ollama" | "OpenAI" | "Anthropic";
  /** Where a client asks for a chat. */
  readonly path: string;
  /** An engine that serves the path, and whose lists a raw one has to have for it. */
  readonly engine: string;
  readonly kind: "openai" | "ollama";
  readonly streamType: string;
  /** A piece of a streamed answer. */
  readonly record: (text: string) => string;
  /** The body of an error, as the router writes it and engines may; `text` may be what a test matches it with. */
  readonly error: (text: unknown, status: number) => object;
}

export const OLLAMA: Shape = {
  dialect: "Ollama",
  path: "/api/chat",
  engine: "ollama",
  kind: "ollama",
  streamType: "application/x-ndjson",
  record: (text) => `{"model":"m","message":{"role":"assistant","content":"${text}"},"done":false}\n`,
  error: (text) => ({ error: text }),
};

export const OPENAI: Shape = {
  dialect: "OpenAI",
  path: "/v1/chat/completions",
  engine: "openai",
  kind: "openai",
  streamType: "text/event-stream",
  record: (text) => `data: {"model":"m","choices":[{"delta":{"content":"${text}"}}]}\n\n`,
  error: (text) => ({ error: { message: text, type: "api_error", param: null, code: null } }),
};

/** Its errors alone differ from those of OpenAI's dialect. */
export const ANTHROPIC: Shape = {
  dialect: "Anthropic",
  path: "/v1/messages",
  engine: "sglang",
  kind: "openai",
  streamType: "text/event-stream",
  record: (text) => `event: content_block_delta\ndata: {"delta":{"type":"text_delta","text":"${text}"}}\n\n`,
  error: (text, status) => ({
    type: "error",
    error: { type: status === 503 ? "overloaded_error" : "api_error", message: text },
    request_id: REQUEST_ID,
  }),
};

export const SHAPES: readonly Shape[] = [OLLAMA, OPENAI];
export const ALL_SHAPES: readonly Shape[] = [...SHAPES, ANTHROPIC];
