/** Damages JSON texts in the ways that hands, editors, crashes and other programs do. */

import type { Random } from "./random.ts";

const PIECES = [
  ..."{}[]:,\"\\ \n\t'/-+.eE019é🦙\u0000\u2028\ufeff",
  "null",
  "true",
  "1.0",
  "1e400",
  "18446744073709551615",
  "{}",
  "[]",
  '""',
  ",,",
  '"x":1,',
  '"alias":"b",',
  '"target":1,',
  '"prefix_matching":true,',
  '"targets":["m"],',
  '"version":2,',
  '"aliases":',
  '{"alias":"a","target":"z"},',
  '"__proto__":{"alias":"a"},',
  "\\ud800",
  "\\u0041",
  "// no\n",
  "[".repeat(50),
] as const;

const RAW = [
  Uint8Array.of(0xff),
  Uint8Array.of(0xc3),
  Uint8Array.of(0xed, 0xa0, 0x80),
  new Uint8Array(64),
] as const;

export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let now = bytes;
  for (let times = 1 + random.below(3); times > 0; times--) now = damaged(now, random);
  return now;
}

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + random.below(random.pick([2, 2, 10, 200])));
  const piece = random.chance(0.05) ? random.pick(RAW) : Buffer.from(random.pick(PIECES));
  const [head, span, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return Buffer.concat([head, piece, bytes.subarray(at)]);
    case 2:
      return Buffer.concat([head, piece, tail]);
    case 3:
      return Buffer.concat([head, span, span, tail]);
    case 4:
      return withTokenElsewhere(bytes, random);
    case 5:
      return Buffer.concat([head, Buffer.from(Buffer.from(span).toString().toUpperCase()), tail]);
    case 6:
      return random.chance(0.2) ? head : withTokenElsewhere(bytes, random);
    default:
      return random.chance(0.2) ? Buffer.concat([bytes, piece]) : withTokenElsewhere(bytes, random);
  }
}

/** Puts a value in the place of another one: what comes of it is mostly JSON still. */
function withTokenElsewhere(bytes: Uint8Array, random: Random): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const tokens = [
    ...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\{[^{}[\]]*\}|\[[^{}[\]]*\]/g),
  ];
  if (tokens.length === 0) return bytes;
  const [from, to] = [random.pick(tokens), random.pick(tokens)];
  const value = random.chance(0.3) ? random.pick(VALUES) : from[0];
  return Buffer.from(text.slice(0, to.index) + value + text.slice(to.index + to[0].length));
}

const VALUES = [
  "1.0",
  "-0",
  "1e400",
  "null",
  "[]",
  "{}",
  '""',
  '"a"',
  '"\\ud800"',
  "[[1.50]]",
  '{"a":{"2":1.0,"1":2}}',
] as const;
