/**
 * Writes a model so small that a real llama-server loads it in milliseconds, and whose every answer is known.
 *
 * It is a genuine llama (two layers, 128 dimensions) in the GGUF format. Its output matrix leads from each of a few
 * words to the next one, so that greedy and sampled decoding say the same: a sentence; a tool call where tools are
 * offered; a thought first, if it is a thinking model. Two attention heads see whether the chat template has put a
 * control token into the prompt that asks for the call, or forbids the thought.
 */

import { chatTemplate } from "./chat-template.ts";
import { gguf, type Tensor, type Value } from "./gguf.ts";
import { Random } from "./random.ts";
import { CALL, SENTENCE, SPACE, THOUGHT, type Vocabulary, vocabularyOf } from "./tiny-vocabulary.ts";

export interface TinyModel {
  readonly thinks?: boolean;
  /** For embeddings: mean pooling over random weights. */
  readonly embeds?: boolean;
}

const WIDTH = 128;
const FEED_FORWARD = 256;
const LAYERS = 2;
const HEADS = 4;
const KV_HEADS = 2;
const HEAD_WIDTH = WIDTH / HEADS;
const CONTEXT = 4096;

// dimensions of the residual stream with a meaning of their own
const BIAS = 0;
const SAYS_CALL = WIDTH - 4;
const SAYS_NO_THOUGHT = WIDTH - 3;
const SAW_CALL = WIDTH - 2;
const SAW_NO_THOUGHT = WIDTH - 1;

/** The model as a GGUF file. */
export function tinyModel({ thinks = false, embeds = false }: TinyModel = {}): Uint8Array {
  const vocabulary = vocabularyOf(thinks);
  const noise = new Random(1);
  const matrix = (rows: number, columns: number, spread: number): Float64Array[] =>
    noise.list(rows, () => Float64Array.from({ length: columns }, () => noise.normal() * spread));
  const ones: Tensor["rows"] = [new Float64Array(WIDTH).fill(1)];

  const size = vocabulary.pieces.length;
  const script = embeds
    ? { embedding: matrix(size, WIDTH, 0.5), output: matrix(size, WIDTH, 0.5) }
    : scripted(vocabulary, thinks, matrix(size, WIDTH, 0.01));
  // what the layers write into the stream must not drown what the script has put there
  const written = embeds ? 0.1 : 0.0005;
  const tensors: Tensor[] = [{ name: "token_embd.weight", rows: script.embedding, vector: false }];
  for (let layer = 0; layer < LAYERS; layer++) {
    const kvWidth = HEAD_WIDTH * KV_HEADS;
    const [q, k, v] = [
      matrix(WIDTH, WIDTH, 0.02),
      matrix(kvWidth, WIDTH, 0.02),
      matrix(kvWidth, WIDTH, 0.02),
    ];
    const o = matrix(WIDTH, WIDTH, written);
    if (layer === 0 && !embeds) {
      look({ q, k, v, o }, 0, 0, SAYS_CALL, SAW_CALL);
      look({ q, k, v, o }, HEADS / KV_HEADS, 1, SAYS_NO_THOUGHT, SAW_NO_THOUGHT);
    }
    const add = (name: string, rows: Tensor["rows"], vector = false) =>
      tensors.push({ name: `blk.${layer}.${name}.weight`, rows, vector });
    add("attn_norm", ones, true);
    add("attn_q", q);
    add("attn_k", k);
    add("attn_v", v);
    add("attn_output", o);
    add("ffn_norm", ones, true);
    add("ffn_gate", matrix(FEED_FORWARD, WIDTH, 0.02));
    add("ffn_up", matrix(FEED_FORWARD, WIDTH, 0.02));
    add("ffn_down", matrix(WIDTH, FEED_FORWARD, written));
  }
  tensors.push({ name: "output_norm.weight", rows: ones, vector: true });
  tensors.push({ name: "output.weight", rows: script.output, vector: false });
  return gguf(metadata(vocabulary, thinks, embeds), tensors);
}

/** The embedding marks each word of the script in a dimension of its own; the output reads from it what comes next. */
function scripted(
  vocabulary: Vocabulary,
  thinks: boolean,
  embedding: Float64Array[],
): { readonly embedding: Float64Array[]; readonly output: Float64Array[] } {
  const { id } = vocabulary;
  const output = vocabulary.pieces.map(() => new Float64Array(WIDTH));
  const set = (rows: Float64Array[], piece: string, column: number, value: number) => {
    const row = rows[id(piece)];
    if (row !== undefined) row[column] = value;
  };
  for (const row of embedding) {
    row[BIAS] = 4;
    for (const column of [SAYS_CALL, SAYS_NO_THOUGHT, SAW_CALL, SAW_NO_THOUGHT]) row[column] = 0;
  }
  for (const row of output) row[BIAS] = -3;

  let dimension = 1;
  for (const [piece, nexts] of successors(thinks)) {
    set(embedding, piece, dimension, 4);
    for (const [next, strength] of nexts) set(output, next, dimension, strength);
    dimension++;
  }
  set(embedding, "<|call|>", SAYS_CALL, 4);
  set(embedding, "<|nothink|>", SAYS_NO_THOUGHT, 4);

  // what begins an answer, and what a grammar may ask for in the midst of one
  const likely = {
    '"': 1,
    "</tool_call>": 0.95,
    "}": 0.7,
    "]": 0.6,
    ",": 0.5,
    "{": 0.3,
    "0": 0.4,
    ":": 0.3,
    [SPACE]: -0.5,
    "<|im_end|>": 0.2,
  };
  for (const [piece, bias] of Object.entries(likely)) set(output, piece, BIAS, bias);
  set(output, `${SPACE}The`, BIAS, thinks ? 1.8 : 2);
  set(output, "<tool_call>", BIAS, 0.5);
  set(output, "<tool_call>", SAW_CALL, 4);
  if (thinks) set(output, "<think>", BIAS, 2.6);
  if (thinks) set(output, "<think>", SAW_NO_THOUGHT, -6);
  return { embedding, output };
}

/** What may follow each word of the script, and how strongly. */
function successors(thinks: boolean): Map<string, [string, number][]> {
  const nexts = new Map<string, [string, number][]>();
  const lead = (piece: string, next: string, strength: number) =>
    nexts.set(piece, [...(nexts.get(piece) ?? []), [next, strength]]);
  const chain = (pieces: readonly string[], end: string) => {
    for (const [index, piece] of pieces.entries()) lead(piece, pieces[index + 1] ?? end, 9);
  };
  chain(SENTENCE, "<|im_end|>");
  chain(CALL, "<|im_end|>");
  if (thinks) chain(THOUGHT, `${SPACE}The`);
  if (thinks) lead("<think>", `${SPACE}The`, 3);
  // JSON under a grammar: where it does not let the sentence end, close what is open
  lead(".", '"', 5);
  lead("{", '"', 9);
  lead('"', `${SPACE}The`, 4);
  return nexts;
}

/**
 * Makes an attention head write into the dimension `saw` whether a token with the dimension `says` came before. It
 * scores by the slowest pair of the rotary embedding, so that the distance hardly matters.
 */
function look(
  { q, k, v, o }: Readonly<Record<"q" | "k" | "v" | "o", Float64Array[]>>,
  head: number,
  kvHead: number,
  says: number,
  saw: number,
): void {
  const slowest = HEAD_WIDTH - 2;
  const set = (rows: Float64Array[], row: number, column: number, value: number) =>
    rows[row]?.fill(value, column, column + 1);
  set(q, head * HEAD_WIDTH + slowest, BIAS, 2);
  set(k, kvHead * HEAD_WIDTH + slowest, says, 2);
  set(v, kvHead * HEAD_WIDTH, says, 0.5);
  set(o, saw, head * HEAD_WIDTH, 1);
}

function metadata(vocabulary: Vocabulary, thinks: boolean, embeds: boolean): Record<string, Value> {
  return {
    "general.architecture": { text: "llama" },
    "general.type": { text: "model" },
    "general.name": { text: "Tiny" },
    "general.file_type": { u32: 1 },
    "general.quantization_version": { u32: 2 },
    "general.alignment": { u32: 32 },
    "llama.vocab_size": { u32: vocabulary.pieces.length },
    "llama.context_length": { u32: CONTEXT },
    "llama.embedding_length": { u32: WIDTH },
    "llama.block_count": { u32: LAYERS },
    "llama.feed_forward_length": { u32: FEED_FORWARD },
    "llama.attention.head_count": { u32: HEADS },
    "llama.attention.head_count_kv": { u32: KV_HEADS },
    "llama.attention.layer_norm_rms_epsilon": { f32: 1e-5 },
    "llama.rope.dimension_count": { u32: HEAD_WIDTH },
    "llama.rope.freq_base": { f32: 10_000 },
    ...(embeds ? { "llama.pooling_type": { u32: 1 } } : {}),
    "tokenizer.ggml.model": { text: "llama" },
    "tokenizer.ggml.pre": { text: "default" },
    "tokenizer.ggml.tokens": { texts: vocabulary.pieces },
    "tokenizer.ggml.scores": { f32s: vocabulary.scores },
    "tokenizer.ggml.token_type": { i32s: vocabulary.kinds },
    "tokenizer.ggml.bos_token_id": { u32: vocabulary.id("<s>") },
    "tokenizer.ggml.eos_token_id": { u32: vocabulary.id("<|im_end|>") },
    "tokenizer.ggml.unknown_token_id": { u32: vocabulary.id("<unk>") },
    "tokenizer.ggml.add_bos_token": { bool: true },
    "tokenizer.ggml.add_eos_token": { bool: false },
    "tokenizer.ggml.add_space_prefix": { bool: false },
    "tokenizer.chat_template": { text: chatTemplate(thinks) },
  };
}
