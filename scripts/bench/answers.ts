/** What the engine of the benchmark says. */

export type Answer =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "stream"; readonly chunks: number; readonly everyMs: number };

const CHAT = {
  id: "chatcmpl-BPzIb2iGNVgijJn1lgsobMHQCs0J1ND4",
  object: "chat.completion",
  created: 1_795_256_334,
  model: "tiny",
  system_fingerprint: "b11669",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "The sky is blue because air scatters short waves more." },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 22, completion_tokens: 12, total_tokens: 34 },
};

const answers = new Map<number, Answer>();

/** A chat completion with a text of so many bytes more. */
export function jsonAnswer(moreBytes: number): Answer {
  const known = answers.get(moreBytes);
  if (known !== undefined) return known;
  const answer = whole(200, moreBytes === 0 ? CHAT : { ...CHAT, text: "x".repeat(moreBytes) });
  answers.set(moreBytes, answer);
  return answer;
}

/** The list of models, and 404 for whatever else is looked for. */
export function modelsAnswer(head: string): Answer {
  return head.startsWith("GET /v1/models ") ? models : missing;
}

const models = whole(200, { object: "list", data: [{ id: "tiny", object: "model", owned_by: "bench" }] });
const missing = whole(404, { error: { message: "not found" } });

/** To whoever asks for another model. */
export const refusal = whole(404, { error: { message: "the model is not tiny" } });

function whole(status: number, json: object): Answer {
  const body = JSON.stringify(json);
  const head = `HTTP/1.1 ${status} ${status === 200 ? "OK" : "Not Found"}\r\ncontent-type: application/json\r\n`;
  return { kind: "whole", bytes: Buffer.from(`${head}content-length: ${body.length}\r\n\r\n${body}`) };
}

export const STREAM_HEAD = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
);

/** One event of a stream; its text is the time when it is sent. */
export function eventAt(nowMs: number): Buffer {
  const event = `data: {"id":"chatcmpl-BPzIb2iGNVgijJn1lgsobMHQ","object":"chat.completion.chunk","created":1795256334,"model":"tiny","choices":[{"index":0,"delta":{"content":"${nowMs.toFixed(3)}"},"finish_reason":null}]}\n\n`;
  return Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`);
}

const DONE = "data: [DONE]\n\n";

export const STREAM_END = Buffer.from(`${DONE.length.toString(16)}\r\n${DONE}\r\n0\r\n\r\n`);
