/** The paths that carry a model's name: where it sits, and what is said when it is missing or unknown. */

import type { NameField } from "../bytes/name-finder.ts";
import { taggedName } from "../domain/name.ts";
import { type Problem, quoted } from "../domain/problem.ts";
import type { Dialect } from "./dialect.ts";

export interface Endpoint {
  readonly path: string;
  readonly dialect: Dialect;
  /** The fields of a JSON body that hold the name, the decisive one first. */
  readonly keys: readonly string[];
  /** Where an answer names its model. */
  readonly echo: readonly NameField[];
  /** What Ollama's Go code calls the request: its JSON errors say so. */
  readonly request: string;
  /** The fields in which a conversation begins, the last of them the one it cannot do without; left out: there is none. */
  readonly conversation?: readonly string[];
  readonly missing: Problem;
  /** Ollama's words for a name it does not know. */
  readonly unknown: (name: string) => string;
}

const required: Problem = { problem: "bad request", text: "model is required" };
const unread: Problem = { problem: "unreadable", text: "model is required" };
const invalid: Problem = { problem: "bad request", text: "invalid model name" };
const empty: Problem = { problem: "not found", text: "model '' not found" };

const plain = (name: string): string => `model '${quoted(name)}' not found`;
const tagged = (name: string): string => `model '${quoted(taggedName(name))}' not found`;
const pullFirst = (name: string): string =>
  `model ${JSON.stringify(quoted(name))} not found, try pulling it first`;

/** On Ollama's own paths the name may also stand in `name`, its older form. */
const ollama = { dialect: "ollama", keys: ["model", "name"], echo: [{ key: "model" }] } as const;
const openai = { dialect: "openai", keys: ["model"], echo: [{ key: "model" }] } as const;
const anthropic = {
  dialect: "anthropic",
  keys: ["model"],
  echo: [{ key: "model" }, { parent: "message", key: "model" }],
} as const;

/** Calls that ask a model for something. All of them may be repeated on another backend. */
export const INFERENCE: readonly Endpoint[] = [
  {
    path: "/api/chat",
    ...ollama,
    conversation: ["messages"],
    request: "ChatRequest",
    missing: required,
    unknown: plain,
  },
  {
    path: "/api/generate",
    ...ollama,
    conversation: ["system", "prompt"],
    request: "GenerateRequest",
    missing: empty,
    unknown: plain,
  },
  { path: "/api/embed", ...ollama, request: "EmbedRequest", missing: empty, unknown: pullFirst },
  { path: "/api/embeddings", ...ollama, request: "EmbeddingRequest", missing: required, unknown: pullFirst },
  {
    path: "/v1/chat/completions",
    ...openai,
    conversation: ["messages"],
    request: "ChatCompletionRequest",
    missing: required,
    unknown: plain,
  },
  { path: "/v1/completions", ...openai, request: "CompletionRequest", missing: empty, unknown: plain },
  { path: "/v1/embeddings", ...openai, request: "EmbedRequest", missing: empty, unknown: pullFirst },
  {
    path: "/v1/responses",
    ...openai,
    conversation: ["instructions", "input"],
    echo: [{ key: "model" }, { parent: "response", key: "model" }],
    request: "ResponsesRequest",
    missing: required,
    unknown: plain,
  },
  { path: "/v1/rerank", ...openai, request: "RerankRequest", missing: required, unknown: plain },
  {
    path: "/v1/audio/transcriptions",
    ...openai,
    request: "TranscriptionRequest",
    missing: required,
    unknown: plain,
  },
  {
    path: "/v1/audio/translations",
    ...openai,
    request: "TranslationRequest",
    missing: required,
    unknown: plain,
  },
  { path: "/v1/audio/speech", ...openai, request: "SpeechRequest", missing: required, unknown: plain },
  {
    path: "/v1/images/generations",
    ...openai,
    request: "ImageGenerationRequest",
    missing: required,
    unknown: plain,
  },
  { path: "/v1/images/edits", ...openai, request: "ImageEditRequest", missing: required, unknown: plain },
  {
    path: "/v1/messages",
    ...anthropic,
    conversation: ["system", "messages"],
    request: "MessagesRequest",
    missing: unread,
    unknown: plain,
  },
  {
    path: "/v1/messages/count_tokens",
    ...anthropic,
    request: "CountTokensRequest",
    missing: unread,
    unknown: plain,
  },
];

/** Calls about models rather than to them. They have answers of their own, and are never repeated. */
export const SHOW: Endpoint = {
  path: "/api/show",
  ...ollama,
  request: "ShowRequest",
  missing: required,
  unknown: tagged,
};
export const PULL: Endpoint = {
  path: "/api/pull",
  ...ollama,
  request: "PullRequest",
  missing: invalid,
  unknown: plain,
};
export const PUSH: Endpoint = {
  path: "/api/push",
  ...ollama,
  request: "PushRequest",
  missing: required,
  unknown: plain,
};
export const CREATE: Endpoint = {
  path: "/api/create",
  ...ollama,
  request: "CreateRequest",
  missing: invalid,
  unknown: plain,
};
export const DELETE: Endpoint = {
  path: "/api/delete",
  ...ollama,
  request: "DeleteRequest",
  missing: required,
  unknown: plain,
};
export const COPY: Endpoint = {
  path: "/api/copy",
  ...ollama,
  keys: ["source"],
  request: "CopyRequest",
  missing: { problem: "bad request", text: 'source "" is invalid' },
  unknown: (name) => `model ${JSON.stringify(quoted(name))} not found`,
};
/** `GET /v1/models/{id}`, whose name is in the path. */
export const MODEL: Endpoint = {
  path: "/v1/models",
  ...openai,
  request: "",
  missing: required,
  unknown: tagged,
};
