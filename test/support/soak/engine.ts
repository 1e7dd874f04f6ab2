/**
 * An engine as a program of its own, to be killed and frozen: `bun engine.ts SETUP`. It lists its models, answers chats,
 * and takes on the moods that its parent sends it. It ends when its parent does.
 */

import { codeOf } from "../../../src/domain/failure.ts";
import { ollamaLists, tagsRow } from "../ollama-lists.ts";
import { CHEERFUL, type Mood, type Setup, type Told } from "./mood.ts";
import { contentTypeOf, DIALECTS, PATHS, piecesOf, questionOf, wholeOf, wordsFor } from "./speech.ts";

interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly { readonly content: string }[];
}

const { kind, port, models } = JSON.parse(process.argv[2] ?? "{}") as Setup;

const rows = models.map((model) => tagsRow(model));
const lists: Readonly<Record<string, unknown>> =
  kind === "ollama"
    ? ollamaLists(rows, rows)
    : {
        "/v1/models": { object: "list", data: models.map((id) => ({ id, owned_by: "vllm" })) },
        "/version": { version: "0.11.0" },
      };
const dialects = DIALECTS.filter((dialect) => kind === "ollama" || dialect !== "ollama");

let mood = CHEERFUL;

/** Two of them say "later", in the words of most and in an Ollama's; one says that something is wrong. */
const REFUSALS: Readonly<Record<number, () => Response>> = {
  429: () => Response.json({ error: "slow down" }, { status: 429, headers: { "retry-after": "1" } }),
  503: () => Response.json({ error: "server busy, please try again" }, { status: 503 }),
  502: () => Response.json({ error: "bad gateway" }, { status: 502 }),
};

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const list = request.method === "GET" ? lists[pathname] : undefined;
  if (list !== undefined) return Response.json(list);
  const dialect = dialects.find((one) => PATHS[one] === pathname);
  if (dialect === undefined) return Response.json({ detail: "Not Found" }, { status: 404 });

  const { firstMs, paceMs, refusal } = mood;
  const { model, stream, messages } = (await request.json()) as Asked;
  if (refusal !== null) return REFUSALS[refusal]?.() ?? new Response(null, { status: 500 });
  // only the engine's own spelling may get here
  if (!models.includes(model)) return Response.json({ error: `model '${model}' not found` }, { status: 404 });
  const words = wordsFor(questionOf(messages));
  const headers = { "content-type": contentTypeOf(dialect, stream) };
  await Bun.sleep(firstMs);
  if (!stream) {
    await Bun.sleep(paceMs * words.length);
    return new Response(wholeOf(dialect, model, words), { headers });
  }
  async function* speak(pieces: readonly string[]): AsyncGenerator<string> {
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await Bun.sleep(paceMs);
      yield piece;
    }
  }
  return new Response(speak(piecesOf(dialect, model, words)), { headers });
}

function tell(told: Told): void {
  process.send?.(told);
}

process.on("message", (told: Mood) => {
  mood = told;
  tell("in the mood");
});
process.on("disconnect", () => process.exit());

try {
  Bun.serve({
    hostname: "127.0.0.1",
    port,
    idleTimeout: 60,
    reusePort: false,
    development: false,
    fetch: answer,
  });
  tell("listening");
} catch (failure) {
  if (codeOf(failure) !== "EADDRINUSE") throw failure;
  tell("port taken");
}
