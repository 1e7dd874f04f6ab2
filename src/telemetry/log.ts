/** Writes one line per event, for people (logfmt) or programs (JSON). Never a body, a prompt or a key. */

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

/** `write` gets whole lines with their line break. */
export function logTo(
  write: (line: string) => void,
  level: LogLevel,
  format: "logfmt" | "json",
  now: () => Date,
): Log {
  const threshold = LOG_LEVELS.indexOf(level);
  const line = format === "json" ? jsonLine : logfmtLine;
  const at = (name: LogLevel) =>
    LOG_LEVELS.indexOf(name) < threshold
      ? () => {}
      : (event: string, fields: LogFields = {}) =>
          write(line({ time: now().toISOString(), level: name, event, ...fields }));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function jsonLine(fields: LogFields): string {
  return `${JSON.stringify(fields)}\n`;
}

function logfmtLine(fields: LogFields): string {
  let line = "";
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    if (line !== "") line += " ";
    line += `${key}=${typeof value === "string" ? logfmtValue(value) : value}`;
  }
  return `${line}\n`;
}

/** Quoted where it would be read as more than one value, or could end the line. */
function logfmtValue(value: string): string {
  return /^[\w./:@+*,#~[\]-]+$/.test(value) ? value : JSON.stringify(value);
}
