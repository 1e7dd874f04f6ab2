/** What simulated engines say, in the shape of each dialect. */

/** One streamed answer: how it is framed, and its pieces in order. */
export interface Speech {
  readonly contentType: string;
  readonly pieces: readonly string[];
}

/** The words of the one answer they know: it tells by which name the engine was asked. */
export function words(model: string): string[] {
  return ["Hello!", " Over", " here", " I", " am", " called", ` ${model}`, "."];
}

/** `/api/chat` of an Ollama. */
export function ollamaChat(model: string, streamed: boolean): Speech {
  const at = () => new Date().toISOString();
  const done = { done: true, done_reason: "stop", total_duration: 1, prompt_eval_count: 9, eval_count: 8 };
  if (!streamed) {
    const message = { role: "assistant", content: words(model).join("") };
    const answer = { model, created_at: at(), message, ...done };
    return { contentType: "application/json; charset=utf-8", pieces: [JSON.stringify(answer)] };
  }
  const lines = words(model).map((content) => ({
    model,
    created_at: at(),
    message: { role: "assistant", content },
    done: false,
  }));
  const last = { model, created_at: at(), message: { role: "assistant", content: "" }, ...done };
  return {
    contentType: "application/x-ndjson",
    pieces: [...lines, last].map((line) => `${JSON.stringify(line)}\n`),
  };
}

/** `/v1/chat/completions` of any engine. */
export function openaiChat(model: string, streamed: boolean): Speech {
  const head = { id: "chatcmpl-1", created: Math.floor(Date.now() / 1000), model };
  if (!streamed) {
    const choice = {
      index: 0,
      message: { role: "assistant", content: words(model).join("") },
      finish_reason: "stop",
    };
    const usage = { prompt_tokens: 9, completion_tokens: 8, total_tokens: 17 };
    const answer = { ...head, object: "chat.completion", choices: [choice], usage };
    return { contentType: "application/json", pieces: [JSON.stringify(answer)] };
  }
  const chunk = (delta: object, reason: string | null) =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  const pieces = words(model).map((content) => chunk({ content }, null));
  return { contentType: "text/event-stream", pieces: [...pieces, `${chunk({}, "stop")}data: [DONE]\n\n`] };
}

/** `/v1/messages` of any engine. */
export function anthropicMessage(model: string, streamed: boolean): Speech {
  const head = { id: "msg_1", type: "message", role: "assistant", model };
  const usage = { input_tokens: 9, output_tokens: 8 };
  if (!streamed) {
    const content = [{ type: "text", text: words(model).join("") }];
    const answer = { ...head, content, stop_reason: "end_turn", stop_sequence: null, usage };
    return { contentType: "application/json", pieces: [JSON.stringify(answer)] };
  }
  const event = (type: string, rest: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const delta = (text: string) =>
    event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
  return {
    contentType: "text/event-stream",
    pieces: [
      event("message_start", {
        message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage },
      }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      ...words(model).map(delta),
      event("content_block_stop", { index: 0 }),
      event("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage }) +
        event("message_stop", {}),
    ],
  };
}
