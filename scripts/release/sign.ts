/**
 * Signs programs for macOS ad hoc: by their hashes alone, with nobody's name. macOS ends a program whose signature is not of
 * its bytes. Bun 1.4.5 signs what it makes for arm64, in just this way; what it makes for x64 has the signature of Bun itself,
 * which no longer fits. The layout is that of Apple's cs_blobs.h and mach-o/loader.h.
 */

import { createHash } from "node:crypto";

const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

const PAGE = 4096;
const HASH_BYTES = 32;
const DIRECTORY_BYTES = 88;
const SUPER_BLOB_BYTES = 20;
const IDENTIFIER = "a.out\0";

/** The program with a signature of its bytes in place of the one that it has. Throws for what is no such program. */
export function signed(program: Uint8Array): Uint8Array {
  const commands = commandsOf(program);
  const signature = commands.find(({ kind }) => kind === LC_CODE_SIGNATURE);
  const linkedit = commands.find(({ name }) => name === "__LINKEDIT");
  const text = commands.find(({ name }) => name === "__TEXT");
  if (signature === undefined || linkedit === undefined || text === undefined)
    throw new Error("Cannot sign a program that has no place for a signature");
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const end = view.getUint32(signature.at + 8, true);
  const pages = Math.ceil(end / PAGE);
  const length = SUPER_BLOB_BYTES + DIRECTORY_BYTES + IDENTIFIER.length + pages * HASH_BYTES;

  const result = new Uint8Array(end + length);
  result.set(program.subarray(0, end));
  const into = new DataView(result.buffer);
  into.setUint32(signature.at + 12, length, true);
  const size = end + length - Number(view.getBigUint64(linkedit.at + 40, true));
  into.setBigUint64(linkedit.at + 32, BigInt(Math.ceil(size / PAGE) * PAGE), true);
  into.setBigUint64(linkedit.at + 48, BigInt(size), true);

  const segment = view.getBigUint64(text.at + 48, true);
  result.set(directory(result.subarray(0, end), length, segment), end);
  return result;
}

/** The signature: a blob that holds one other, the directory of the code's hashes. */
function directory(code: Uint8Array, length: number, textBytes: bigint): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const pages = Math.ceil(code.length / PAGE);
  const hashesAt = DIRECTORY_BYTES + IDENTIFIER.length;
  const words = [0xfade_0cc0, length, 1, 0, SUPER_BLOB_BYTES];
  const adHocByLinker = 0x2_0002;
  const version = 0x2_0400;
  words.push(0xfade_0c02, length - SUPER_BLOB_BYTES, version, adHocByLinker, hashesAt, DIRECTORY_BYTES);
  words.push(0, pages, code.length);
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word);
  const sha256 = 2;
  bytes.set([HASH_BYTES, sha256, 0, Math.log2(PAGE)], SUPER_BLOB_BYTES + 36);
  view.setBigUint64(SUPER_BLOB_BYTES + 72, textBytes);
  const mainProgram = 1n;
  view.setBigUint64(SUPER_BLOB_BYTES + 80, mainProgram);
  bytes.set(new TextEncoder().encode(IDENTIFIER), SUPER_BLOB_BYTES + DIRECTORY_BYTES);
  for (let page = 0; page < pages; page++) {
    const hash = createHash("sha256").update(code.subarray(page * PAGE, (page + 1) * PAGE));
    bytes.set(hash.digest(), SUPER_BLOB_BYTES + hashesAt + page * HASH_BYTES);
  }
  return bytes;
}

interface Command {
  readonly kind: number;
  /** Where it begins. */
  readonly at: number;
  /** Of a segment. */
  readonly name: string | undefined;
}

/** The load commands of a 64-bit program. */
function commandsOf(program: Uint8Array): Command[] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  if (view.getUint32(0, true) !== 0xfeed_facf) throw new Error("Cannot sign what is no program for macOS");
  const commands: Command[] = [];
  let at = 32;
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const kind = view.getUint32(at, true);
    const name = new TextDecoder("latin1").decode(program.subarray(at + 8, at + 24)).replaceAll("\0", "");
    commands.push({ kind, at, name: kind === LC_SEGMENT_64 ? name : undefined });
    at += view.getUint32(at + 4, true);
  }
  return commands;
}
