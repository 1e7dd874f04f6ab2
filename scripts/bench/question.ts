/** What the systems are asked, and whether what they answer is right. Nothing is timed that was not found right. */

import type { Subject } from "./part.ts";
import type { Names } from "./system.ts";

export const PATH = "/v1/chat/completions";

/** How a question differs from a small one. */
export interface Wish {
  /** The engine's text gets so many bytes longer. */
  readonly answerBytes?: number;
  /** The question itself gets so many bytes long. */
  readonly bytes?: number;
  /** The answer is a stream of so many events. */
  readonly chunks?: number;
  readonly everyMs?: number;
}

/** The body of a request. The engine reads no further than the first keys. */
export function bodyOf(model: string, { answerBytes, bytes = 0, chunks, everyMs }: Wish): string {
  const wishes = {
    ...(answerBytes === undefined ? {} : { answer_bytes: answerBytes }),
    ...(chunks === undefined ? {} : { stream: true, chunks, every_ms: everyMs }),
  };
  const messages = [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: "Why is the sky blue?" },
  ];
  const body = JSON.stringify({ model, ...wishes, messages });
  const missing = bytes - body.length;
  if (missing <= 0) return body;
  messages.push({ role: "user", content: "" });
  const longer = JSON.stringify({ model, ...wishes, messages });
  return longer.replace('"content":""', `"content":"${"y".repeat(Math.max(0, bytes - longer.length))}"`);
}

/** Who is asked, and how. */
export interface Asked extends Names {
  readonly url: string;
}

/** How a system that runs is asked. */
export function asked({ model, answered, running: { url } }: Subject): Asked {
  return { model, answered, url };
}

/** Whether a small question is answered rightly, under the name that is to be there. */
export async function isRight(asked: Asked): Promise<boolean> {
  return (await fault(asked, {})) === undefined;
}

/** Throws where any of these wishes is not answered as it should be. */
export async function validate(asked: Asked, wishes: readonly Wish[]): Promise<void> {
  for (const wish of wishes) {
    const wrong = await fault(asked, wish);
    if (wrong !== undefined) throw new Error(`${asked.url} answers ${JSON.stringify(wish)} with ${wrong}`);
  }
}

/** The beginning of an answer that is not right. */
async function fault({ url, model, answered }: Asked, wish: Wish): Promise<string | undefined> {
  const text = await answerText(url, bodyOf(model, wish));
  const { answerBytes = 0, chunks } = wish;
  const timesNamed = text.split(`"model":"${answered}"`).length - 1;
  const isWhole =
    chunks === undefined
      ? timesNamed === 1 &&
        text.includes("The sky is blue") &&
        text.endsWith("}") &&
        text.length > answerBytes
      : timesNamed === chunks && text.endsWith("data: [DONE]\n\n");
  return isWhole ? undefined : text.slice(0, 400);
}

/** The text of the answer; of one that is a failure, what it is. */
async function answerText(url: string, body: string): Promise<string> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + PATH, { method: "POST", headers, body, keepalive: false });
    const text = await response.text();
    return response.status === 200 ? text : `${response.status} ${text}`;
  } catch (failure) {
    return String(failure);
  }
}
