/** How long an engine keeps a model in memory once it has answered: Ollama's `keep_alive`, as people and clients write it. */

import { parseDuration } from "./duration.ts";

/** What is said of a value that is none. */
export const KEEP_ALIVES = 'a duration such as "30m", a number of seconds, or -1 for ever';

/** A number is seconds, and whatever is below zero means for ever: `Infinity`. In milliseconds; undefined for what is none. */
export function keepAliveMs(value: unknown): number | undefined {
  if (typeof value === "number" && !Number.isNaN(value)) return value < 0 ? Infinity : value * 1000;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const number = /^[-+]?\d+(\.\d+)?$/.test(text) ? keepAliveMs(Number(text)) : undefined;
  if (number !== undefined) return number;
  const length = parseDuration(text.replace(/^[-+]/, ""));
  return length !== undefined && length > 0 && text.startsWith("-") ? Infinity : length;
}

/** Some 292 years: Go counts nanoseconds in 64 bits, and what is longer would come out as none at all. */
const MAX_GO_MS = 2 ** 63 / 1e6;

/** As engines read it: Ollama's Go code takes whole seconds, or a text with units up to the hour. */
export function keepAliveJson(ms: number): number | string {
  if (ms >= MAX_GO_MS) return -1;
  // what is hardly anything does not become 0, which is another wish
  const whole = Math.round(ms) || Math.ceil(ms);
  return whole % 1000 === 0 ? whole / 1000 : `${whole}ms`;
}

/**
 * Whether a client's `keep_alive` makes an engine let go of the model at once. Of a number Ollama reads the whole
 * seconds; a text that is no duration it refuses.
 */
export function isUnload(value: unknown): boolean {
  if (typeof value === "number") return value >= 0 && value < 1;
  return typeof value === "string" && /^[-+]?(0|((0+(\.0*)?|\.0+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(value);
}
