/** Writes one line per event, for people (logfmt) or programs (JSON). Never a body, a prompt or a key. */

import { unicodeEscape } from "../domain/unicode-escape.ts";
import { priorityOf } from "./journal.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

/** `write` gets whole lines with their line break: with their time or, for the journal, which knows that, their priority. */
export function logTo(
  write: (line: string) => void,
  level: LogLevel,
  format: "logfmt" | "json",
  now: (() => Date) | "journal",
): Log {
  const threshold = LOG_LEVELS.indexOf(level);
  const line = format === "json" ? jsonLine : logfmtLine;
  const timeOf = keepLast((ms: number) => new Date(ms).toISOString());
  const at = (name: LogLevel) => {
    if (LOG_LEVELS.indexOf(name) < threshold) return () => {};
    if (now === "journal") {
      const priority = priorityOf(name);
      return (event: string, fields: LogFields = {}) =>
        write(priority + line(undefined, name, event, fields));
    }
    return (event: string, fields: LogFields = {}) =>
      write(line(timeOf(now().getTime()), name, event, fields));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A function that remembers what it has last made, and of what: of many requests in a millisecond the time is one. */
function keepLast<K, T>(make: (key: K) => T): (key: K) => T {
  let last: { readonly key: K; readonly made: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, made: make(key) };
    return last.made;
  };
}

type Line = (time: string | undefined, level: LogLevel, event: string, fields: LogFields) => string;

const jsonLine: Line = (time, level, event, fields) => `${json({ time, level, event, ...fields })}\n`;

const logfmtLine: Line = (time, level, event, fields) => {
  let line = `${time === undefined ? "" : `time=${time} `}level=${level} event=${logfmtValue(event)}`;
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined)
      line = `${line} ${key}=${typeof value === "string" ? logfmtValue(value) : value}`;
  }
  return `${line}\n`;
};

const PLAIN = /^[\w./:@+*,#~[\]-]+$/;

/** Quoted where it would be read as more than one value, or could end the line. */
function logfmtValue(value: string): string {
  return PLAIN.test(value) ? value : json(value);
}

/** What JSON lets stand although a terminal obeys it, or takes it for the end of a line. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029]/g;

function json(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSAFE, unicodeEscape);
}
