/** Writes the GGUF format of llama.cpp: metadata, then tensors. */

const MAGIC = 0x46554747;
const VERSION = 3;
const ALIGNMENT = 32;

/** Types of metadata values, as the format numbers them. */
const U32 = 4;
const I32 = 5;
const F32 = 6;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

export type Value =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly i32s: readonly number[] }
  | { readonly f32s: readonly number[] };

/** Numbers in rows; a vector is one row. Matrices are stored with half, vectors with single precision. */
export interface Tensor {
  readonly name: string;
  readonly rows: readonly Float64Array[];
  readonly vector: boolean;
}

export function gguf(metadata: Readonly<Record<string, Value>>, tensors: readonly Tensor[]): Uint8Array {
  const head: Buffer[] = [u32(MAGIC), u32(VERSION), u64(tensors.length), u64(Object.keys(metadata).length)];
  for (const [key, value] of Object.entries(metadata)) head.push(string(key), ...encode(value));

  const bodies: Buffer[] = [];
  let offset = 0;
  for (const { name, rows, vector } of tensors) {
    const body = vector
      ? Buffer.from(new Float32Array(flat(rows)).buffer)
      : Buffer.from(new Float16Array(flat(rows)).buffer);
    const dimensions = vector ? [rows[0]?.length ?? 0] : [rows[0]?.length ?? 0, rows.length];
    head.push(string(name), u32(dimensions.length), ...dimensions.map(u64), u32(vector ? 0 : 1), u64(offset));
    bodies.push(padded(body));
    offset += padded(body).length;
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...bodies]);
}

function encode(value: Value): Buffer[] {
  if ("u32" in value) return [u32(U32), u32(value.u32)];
  if ("f32" in value) return [u32(F32), f32(value.f32)];
  if ("bool" in value) return [u32(BOOL), Buffer.from([value.bool ? 1 : 0])];
  if ("text" in value) return [u32(STRING), string(value.text)];
  if ("texts" in value) return [...array(STRING, value.texts.length), ...value.texts.map(string)];
  if ("i32s" in value) return [...array(I32, value.i32s.length), ...value.i32s.map(u32)];
  return [...array(F32, value.f32s.length), ...value.f32s.map(f32)];
}

function array(type: number, length: number): Buffer[] {
  return [u32(ARRAY), u32(type), u64(length)];
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function flat(rows: readonly Float64Array[]): number[] {
  return rows.flatMap((row) => [...row]);
}

function padded(buffer: Buffer): Buffer {
  return Buffer.concat([buffer, Buffer.alloc(-buffer.length & (ALIGNMENT - 1))]);
}
