/** What the engines of a soak are asked and say, in three dialects: each answer tells whom and what it is for. */

export const DIALECTS = ["ollama", "openai", "anthropic"] as const;
export type Dialect = (typeof DIALECTS)[number];

export const PATHS: Readonly<Record<Dialect, string>> = {
  ollama: "/api/chat",
  openai: "/v1/chat/completions",
  anthropic: "/v1/messages",
};

/** What is asked: a turn of a conversation, to be answered in so many words. */
export interface Question {
  readonly conversation: string;
  readonly turn: number;
  readonly words: number;
}

/** The body of a request; its first message is the same in each turn of a conversation. */
export function bodyOf(dialect: Dialect, model: string, question: Question, streamed: boolean): string {
  const { conversation, turn, words } = question;
  const messages = [
    { role: "user", content: `I am ${conversation}` },
    { role: "assistant", content: "Hello" },
    { role: "user", content: `${conversation} ${turn} ${words}` },
  ];
  const limit = dialect === "anthropic" ? { max_tokens: words } : {};
  return JSON.stringify({ model, ...limit, stream: streamed, messages });
}

/** What a request's last message asks. */
export function questionOf(messages: readonly { readonly content: string }[]): Question {
  const [conversation = "", turn, words] = messages.at(-1)?.content.split(" ") ?? [];
  return { conversation, turn: Number(turn), words: Number(words) };
}

/** The answer's words, each of which says which one it is. */
export function wordsFor({ conversation, turn, words }: Question): string[] {
  return Array.from({ length: words }, (_, index) => `${conversation}/${turn}/${index} `);
}

const TYPES: Readonly<Record<Dialect, string>> = {
  ollama: "application/x-ndjson",
  openai: "text/event-stream",
  anthropic: "text/event-stream",
};

export function contentTypeOf(dialect: Dialect, streamed: boolean): string {
  return streamed ? TYPES[dialect] : "application/json";
}

/** A streamed answer: the words come one by one, between what begins and what ends it. */
export function piecesOf(dialect: Dialect, model: string, words: readonly string[]): string[] {
  switch (dialect) {
    case "ollama": {
      const line = (content: string, rest: object): string =>
        `${JSON.stringify({ model, message: { role: "assistant", content }, ...rest })}\n`;
      const last = line("", { done: true, done_reason: "stop", eval_count: words.length });
      return [...words.map((word) => line(word, { done: false })), last];
    }
    case "openai": {
      const chunk = (delta: object, reason: string | null): string =>
        `data: ${JSON.stringify({ object: "chat.completion.chunk", model, choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
      return [...words.map((content) => chunk({ content }, null)), `${chunk({}, "stop")}data: [DONE]\n\n`];
    }
    case "anthropic": {
      const event = (type: string, rest: object): string =>
        `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
      return [
        event("message_start", { message: { type: "message", role: "assistant", model, content: [] } }),
        ...words.map((text) =>
          event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
        ),
        event("message_delta", { delta: { stop_reason: "end_turn" } }) + event("message_stop", {}),
      ];
    }
  }
}

/** The same in one piece. */
export function wholeOf(dialect: Dialect, model: string, words: readonly string[]): string {
  const content = words.join("");
  switch (dialect) {
    case "ollama":
      return JSON.stringify({ model, message: { role: "assistant", content }, done: true });
    case "openai":
      return JSON.stringify({
        object: "chat.completion",
        model,
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      });
    case "anthropic":
      return JSON.stringify({
        type: "message",
        role: "assistant",
        model,
        content: [{ type: "text", text: content }],
        stop_reason: "end_turn",
      });
  }
}
