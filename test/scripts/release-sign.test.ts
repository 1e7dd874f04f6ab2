/** A program for macOS is signed by the hashes of all that it is. */

import { expect, test } from "bun:test";
import { createHash } from "node:crypto";

import { signed } from "../../scripts/release/sign.ts";

const CODE_BYTES = 3 * 4096 + 512;
/** Where the load commands put what. */
const TEXT_AT = 32;
const LINKEDIT_AT = TEXT_AT + 72;
const SIGNATURE_AT = LINKEDIT_AT + 72;

/** A program of three pages and a bit, with an old signature that is longer than any new one. */
function program(): Buffer {
  const bytes = Buffer.alloc(CODE_BYTES + 10_000, 0xaa);
  bytes.fill(0, 0, 1024);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x1000007, 4);
  bytes.writeUInt32LE(3, 16);
  const segment = (at: number, name: string, fileAt: number, fileBytes: number): void => {
    bytes.writeUInt32LE(0x19, at);
    bytes.writeUInt32LE(72, at + 4);
    bytes.write(name, at + 8, "latin1");
    bytes.writeBigUInt64LE(BigInt(fileAt), at + 40);
    bytes.writeBigUInt64LE(BigInt(fileBytes), at + 48);
  };
  segment(TEXT_AT, "__TEXT", 0, 8192);
  segment(LINKEDIT_AT, "__LINKEDIT", 12_288, 512 + 10_000);
  bytes.writeUInt32LE(0x1d, SIGNATURE_AT);
  bytes.writeUInt32LE(16, SIGNATURE_AT + 4);
  bytes.writeUInt32LE(CODE_BYTES, SIGNATURE_AT + 8);
  bytes.writeUInt32LE(10_000, SIGNATURE_AT + 12);
  return bytes;
}

test("every page is hashed, the last one as far as it goes, and the file ends with the signature", () => {
  const bytes = Buffer.from(signed(program()));
  const length = bytes.readUInt32LE(SIGNATURE_AT + 12);
  expect(bytes.length).toBe(CODE_BYTES + length);
  expect(bytes.readBigUInt64LE(LINKEDIT_AT + 48)).toBe(BigInt(512 + length));

  const blob = bytes.subarray(CODE_BYTES);
  expect([blob.readUInt32BE(0), blob.readUInt32BE(4)]).toEqual([0xfade0cc0, length]);
  const directory = blob.subarray(blob.readUInt32BE(16));
  const [hashesAt, pages, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at));
  expect([directory.readUInt32BE(0), pages, limit]).toEqual([0xfade0c02, 4, CODE_BYTES]);
  for (let page = 0; page < 4; page++) {
    const code = bytes.subarray(page * 4096, Math.min((page + 1) * 4096, CODE_BYTES));
    const at = (hashesAt ?? 0) + page * 32;
    expect(directory.subarray(at, at + 32).toString("hex")).toBe(
      createHash("sha256").update(code).digest("hex"),
    );
  }
});

test("signing again changes nothing", () => {
  const once = signed(program());
  expect(Buffer.from(signed(once)).equals(Buffer.from(once))).toBe(true);
});

test("what is no program for macOS, or has no place for a signature, is refused", () => {
  expect(() => signed(Buffer.alloc(512))).toThrow("Cannot sign what is no program for macOS");
  const without = program();
  without.writeUInt32LE(0x1b, SIGNATURE_AT);
  expect(() => signed(without)).toThrow("Cannot sign a program that has no place for a signature");
});
