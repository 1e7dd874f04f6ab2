/** Reads answers as a client of a soak gets them, and says what is wrong with one that has ended cleanly. */

import { type Dialect, type Question, wordsFor } from "./speech.ts";

/** As much of all the shapes as is looked at. */
interface Piece {
  readonly model?: string;
  readonly done?: boolean;
  readonly type?: string;
  readonly message?: { readonly content?: unknown; readonly model?: string };
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content: string };
  }[];
  readonly delta?: { readonly text?: string };
  readonly content?: readonly { readonly text: string }[];
}

/** What was asked, and by which name. */
export interface Asked {
  readonly dialect: Dialect;
  readonly name: string;
  readonly question: Question;
  readonly isStreamed: boolean;
}

/** Undefined where it is the answer to just what was asked, whole, and under the name that was asked for. */
export function faultIn(text: string, asked: Asked): string | undefined {
  let pieces: readonly Piece[];
  try {
    pieces = asked.isStreamed ? piecesIn(text, asked.dialect) : [JSON.parse(text) as Piece];
  } catch {
    return "it is not JSON";
  }
  const names = new Set(pieces.flatMap(({ model, message }) => model ?? message?.model ?? []));
  if (names.size !== 1 || !names.has(asked.name)) return `its model is ${[...names].join(", ")}`;
  if (asked.isStreamed && !isEnded(text, pieces, asked.dialect)) return "it ends without its last piece";
  const said = pieces.map(saidIn).join("");
  const expected = wordsFor(asked.question).join("");
  return said === expected ? undefined : `it says ${said} for ${expected}`;
}

function piecesIn(text: string, dialect: Dialect): Piece[] {
  const lines = text.split("\n").filter((line) => line !== "");
  if (dialect === "ollama") return lines.map((line) => JSON.parse(line) as Piece);
  return lines
    .filter((line) => line.startsWith("data: ") && line !== "data: [DONE]")
    .map((line) => JSON.parse(line.slice("data: ".length)) as Piece);
}

function isEnded(text: string, pieces: readonly Piece[], dialect: Dialect): boolean {
  switch (dialect) {
    case "ollama":
      return pieces.at(-1)?.done === true;
    case "openai":
      return text.endsWith("data: [DONE]\n\n");
    case "anthropic":
      return pieces.at(-1)?.type === "message_stop";
  }
}

function saidIn({ message, choices, delta, content }: Piece): string {
  const [choice] = choices ?? [];
  const parts = [
    typeof message?.content === "string" ? message.content : "",
    choice?.delta?.content ?? choice?.message?.content ?? "",
    delta?.text ?? "",
    content?.[0]?.text ?? "",
  ];
  return parts.join("");
}
