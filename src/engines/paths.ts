/** Groups of paths that several engines serve alike. */

export const OLLAMA_PATHS = [
  "/api/chat",
  "/api/generate",
  "/api/embed",
  "/api/embeddings",
  "/api/show",
  "/api/copy",
  "/api/delete",
] as const;

export const CHAT_PATHS = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/responses",
] as const;

export const TRANSCRIPTION = "/v1/audio/transcriptions";
export const TRANSLATION = "/v1/audio/translations";
export const MESSAGES = "/v1/messages";
export const COUNT_TOKENS = "/v1/messages/count_tokens";
export const RERANK = "/v1/rerank";
