/** The words of the tiny model, and the three things it can say. */

/** Stands for a blank at the beginning of a word (SentencePiece). */
export const SPACE = "\u2581";
export const SENTENCE = ["The", "sky", "is", "blue", "because", "of", "Rayleigh", "scattering", "by", "air"]
  .map((word) => SPACE + word)
  .concat(".");
export const CALL = [
  "<tool_call>",
  `\n{"name":${SPACE}`,
  '"get_weather"',
  `,${SPACE}"arguments":${SPACE}`,
  `{"location":${SPACE}`,
  '"Boston"',
  "}}\n",
  "</tool_call>",
];
export const THOUGHT = [
  "<think>",
  "\nLet",
  `${SPACE}me`,
  `${SPACE}think`,
  `${SPACE}briefly`,
  "\n</think>\n\n",
];

/** Kinds of tokens, as llama.cpp numbers them. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const BYTE = 6;

export interface Vocabulary {
  readonly pieces: readonly string[];
  readonly kinds: readonly number[];
  readonly scores: readonly number[];
  /** The number of a piece, which must be there. */
  id(piece: string): number;
}

export function vocabularyOf(thinks: boolean): Vocabulary {
  const rows = new Map<string, { kind: number; score: number }>();
  const add = (kind: number, score: number, ...pieces: readonly string[]) => {
    for (const piece of pieces) if (!rows.has(piece)) rows.set(piece, { kind, score });
  };
  add(UNKNOWN, 0, "<unk>");
  add(CONTROL, 0, "<s>", "</s>");
  add(
    BYTE,
    0,
    ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );
  add(CONTROL, 0, "<|im_start|>", "<|im_end|>", "<|call|>", "<|nothink|>");
  add(
    NORMAL,
    -100,
    SPACE,
    ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)),
    "\n",
  );
  add(NORMAL, -1000, ...SENTENCE);
  add(USER_DEFINED, -1000, "<tool_call>", "</tool_call>");
  add(NORMAL, -1000, ...CALL);
  if (thinks) add(USER_DEFINED, -1000, "<think>");
  if (thinks) add(NORMAL, -1000, ...THOUGHT);
  const pieces = [...rows.keys()];
  const numbers = new Map(pieces.map((piece, number) => [piece, number]));
  return {
    pieces,
    kinds: [...rows.values()].map(({ kind }) => kind),
    scores: [...rows.values()].map(({ score }) => score),
    id(piece) {
      const number = numbers.get(piece);
      if (number === undefined) throw new Error(`No token "${piece}"`);
      return number;
    },
  };
}
