/** Matches a text against a pattern in which each `*` stands for any run of characters. */

import { fold } from "./name.ts";

/** The literal parts of a pattern between its stars, lower-cased. */
export type Glob = readonly string[];

export function globOf(pattern: string): Glob {
  return fold(pattern).split("*");
}

/**
 * What the first `*` matched, in the letter case of `text`; "" for a pattern without a star; undefined for no match.
 * Each part is taken where it first occurs, so the time is linear in the text whatever the pattern.
 */
export function matchGlob(glob: Glob, text: string): string | undefined {
  const folded = fold(text);
  const head = glob[0] ?? "";
  const tail = glob.at(-1) ?? "";
  if (glob.length === 1) return folded === head ? "" : undefined;
  if (folded.length < head.length + tail.length) return undefined;
  if (!folded.startsWith(head) || !folded.endsWith(tail)) return undefined;

  const end = folded.length - tail.length;
  let at = head.length;
  let captured: string | undefined;
  for (const part of glob.slice(1, -1)) {
    const found = folded.indexOf(part, at);
    if (found === -1 || found + part.length > end) return undefined;
    captured ??= text.slice(at, found);
    at = found + part.length;
  }
  return captured ?? text.slice(at, end);
}
