/** Sizes as people write them. */

const BYTES = new Map([
  ["b", 1],
  ["kb", 1000],
  ["mb", 1000 ** 2],
  ["gb", 1000 ** 3],
  ["kib", 1024],
  ["mib", 1024 ** 2],
  ["gib", 1024 ** 3],
]);

/** "512KiB", "20 MB", "1.5GiB" in bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(text) ?? [];
  const scale = BYTES.get(unit?.toLowerCase() ?? "");
  return count === undefined || scale === undefined ? undefined : Math.round(Number(count) * scale);
}
