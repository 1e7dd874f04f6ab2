/** A short tour of a running router: asks it in every dialect, and shows who answered under which name. */

import type { Simulated } from "./simulated.ts";

/** A client of one dialect: what it sends, and where it finds the text and the model in what comes back. */
interface Client {
  readonly title: string;
  readonly path: string;
  readonly extra: object;
  readonly pick: (record: Record<string, Record<string, unknown> | undefined>) => {
    text?: unknown;
    model?: unknown;
  };
}

const OLLAMA: Client = {
  title: "An Ollama client",
  path: "/api/chat",
  extra: {},
  pick: (record) => ({ text: record["message"]?.["content"], model: record["model"] }),
};

const OPENAI: Client = {
  title: "An OpenAI client",
  path: "/v1/chat/completions",
  extra: { stream: true },
  pick: (record) => {
    const choices: unknown = record["choices"];
    const [choice] = Array.isArray(choices) ? choices : [];
    return { text: choice?.delta?.content, model: record["model"] };
  },
};

const ANTHROPIC: Client = {
  title: "An Anthropic client",
  path: "/v1/messages",
  extra: { stream: true, max_tokens: 100 },
  pick: (record) => ({ text: record["delta"]?.["text"], model: record["message"]?.["model"] }),
};

export interface Tour {
  readonly url: string;
  readonly engines: readonly Simulated[];
  readonly say: (text: string) => void;
}

/** Whether every step went as told. */
export async function walk({ url, engines, say }: Tour): Promise<boolean> {
  const steps: boolean[] = [];
  const visit = async (client: Client, name: string) => {
    const step = await ask(client, name, url, engines);
    say(step.text);
    steps.push(step.ok);
    return step.engine;
  };
  await visit(OLLAMA, "my-llama");
  await visit(OPENAI, "gpt-4o");
  const last = await visit(ANTHROPIC, "claude-sonnet-4-5");
  if (last !== undefined) {
    await last.stop();
    say(`\n* ${last.title} is switched off, and the same client asks the same name again.`);
    const next = await visit(ANTHROPIC, "claude-sonnet-4-5");
    steps.push(next !== undefined && next !== last);
  }
  const copied = await copy("my-llama", "chat", url);
  say(`\n* \`ollama cp my-llama chat\` makes another name while it runs (status ${copied.status}).`);
  await visit(OLLAMA, "chat");
  return steps.every(Boolean) && copied.ok;
}

/** As Ollama's command does it. */
function copy(source: string, destination: string, url: string): Promise<Response> {
  return fetch(`${url}/api/copy`, { method: "POST", body: JSON.stringify({ source, destination }) });
}

interface Step {
  readonly ok: boolean;
  readonly engine: Simulated | undefined;
  readonly text: string;
}

async function ask(client: Client, name: string, url: string, engines: readonly Simulated[]): Promise<Step> {
  const before = engines.map(({ asked }) => asked.length);
  const message = { role: "user", content: "Who are you?" };
  const body = JSON.stringify({ model: name, messages: [message], ...client.extra });
  const response = await fetch(url + client.path, { method: "POST", body });
  const heard = await listen(response, client);
  const engine = engines.find(({ asked }, index) => asked.length > (before[index] ?? 0));
  const ok =
    response.ok && engine?.asked.at(-1) === engine?.model && heard.model === name && heard.pieces > 1;
  const text = `
* ${client.title} asks for "${name}".
    asked     POST ${client.path}  model: "${name}"
    answered  by ${engine?.title ?? "nobody"}, which calls it "${engine?.asked.at(-1) ?? ""}"
    streamed  ${heard.pieces} pieces, the first of them: ${clip(heard.first)}
    heard     ${heard.text}
    model     "${heard.model}" again, as it was asked
    ${ok ? "ok" : `NOT AS TOLD (status ${response.status})`}`;
  return { ok, engine, text };
}

interface Heard {
  /** As it came. */
  readonly first: string;
  readonly text: string;
  readonly model: string;
  readonly pieces: number;
}

/** One line of at most a screen's width. */
function clip(piece: string): string {
  const line = piece.trim().replaceAll("\n", " ");
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

/** Reads a stream of JSON lines or server-sent events as the client of the dialect would. */
async function listen(response: Response, { pick }: Client): Promise<Heard> {
  let first = "";
  let text = "";
  let model = "";
  let pieces = 0;
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    pieces++;
    first ||= new TextDecoder().decode(chunk);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const json = line.replace(/^data: /, "");
      if (!json.startsWith("{")) continue;
      const found = pick(JSON.parse(json));
      if (typeof found.text === "string") text += found.text;
      if (typeof found.model === "string") model = found.model;
    }
  }
  return { first, text, model, pieces };
}
