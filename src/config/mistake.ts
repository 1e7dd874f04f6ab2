/** A mistake in a configuration: where it is, and what was expected there. */

import type * as v from "valibot";

import type { Path, Place } from "./places.ts";

/** Before its place is known. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
}

export interface Mistake extends Place {
  readonly file: string;
  /** Dotted: `backend.0.url`, `aliases."gpt-*"`. */
  readonly path: string;
  readonly message: string;
  /** The flag or variable that says it, where no file does; the place is of no file then. */
  readonly source?: string;
}

/** One line, as compilers write it: editors jump to the place. */
export function mistakeText({ file, line, column, path, message, source }: Mistake): string {
  if (source !== undefined) return `${source} ${path.replace(/^(models|aliases)\./, "")}: ${message}`;
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}

export function dotted(path: Path): string {
  return path
    .map((step) => (typeof step === "number" || /^[\w-]+$/.test(step) ? String(step) : JSON.stringify(step)))
    .join(".");
}

/** Turns what valibot found into faults in our words, below the path `base`. */
export function faultsOf(issues: readonly v.BaseIssue<unknown>[], base: Path = []): Fault[] {
  return issues.map((issue) => {
    const steps = issue.path ?? [];
    const path = [
      ...base,
      ...steps.map((step) => (typeof step.key === "number" ? step.key : String(step.key))),
    ];
    return { path, message: messageOf(issue, path) };
  });
}

function messageOf(issue: v.BaseIssue<unknown>, path: Path): string {
  if (issue.kind !== "schema") return issue.message;
  return issue.received === "undefined" ? "missing" : `${issue.message}, got ${shown(issue.input, path)}`;
}

/** A value as a mistake quotes it. Secrets are not quoted. */
function shown(value: unknown, path: Path): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return value instanceof Date ? "a date" : "a table";
  if (path.at(-1) === "key") return typeof value === "string" ? "a string" : `a ${typeof value}`;
  // JSON has no words for what is no finite number
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
