/** What a command of the command line is, and how it ends. */

import { isJournal, priorityOf } from "../telemetry/journal.ts";
import type { Offer } from "./offer.ts";

export interface Option {
  /** Without its dashes. */
  readonly name: string;
  /** What stands behind it, as help shows it; a flag has nothing there. */
  readonly value?: string;
  /** Whether it may be given several times, each time with another value. */
  readonly isMany?: true;
  /** What it is also called, by those who know it from elsewhere. */
  readonly also?: readonly string[];
  /** What completions offer for its value; for a FILE that goes without saying. */
  readonly offer?: Offer;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

export interface Command {
  /** One word, or two. */
  readonly name: string;
  /** Its positional arguments as help shows them: each is required, and one that ends with `…` may be several. */
  readonly operands: readonly string[];
  /** What completions offer for these. */
  readonly offer?: Offer;
  readonly help: string;
  readonly options: readonly Option[];
  /** Resolves to the exit status, or never for what goes on until it is told to end. */
  readonly run: (args: Arguments) => Promise<number>;
}

/** Exit statuses: as scripts expect them. */
export const OK = 0;
export const FAILED = 1;
export const MISUSED = 2;
/** Ended by Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;

export function say(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Says what programs read where they ask for it, and else what people read. */
export function answer({ values }: Arguments, value: unknown, text: () => string): void {
  say(values[JSON_OPTION.name] === true ? JSON.stringify(value) : text());
}

/** Of a service each line says to the journal how grave it is. */
export function complain(text: string): void {
  const isForJournal = isJournal(process.env["JOURNAL_STREAM"], process.stderr.fd);
  const priority = isForJournal ? priorityOf(text.startsWith("warning: ") ? "warn" : "error") : "";
  process.stderr.write(`${priority}${printable(text).replaceAll("\n", `\n${priority}`)}\n`);
}

/** Says why nothing was done. The exit status. */
export function refuse(why: string): number {
  complain(why);
  return FAILED;
}

/** Names and words of others may hold what a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, "\u{fffd}");
}

export const CONFIG_OPTION: Option = { name: "config", value: "FILE", help: "the configuration file" };
export const SERVER_OPTION: Option = {
  name: "server",
  value: "HOST:PORT",
  help: "the running server (else $MELLAMO_HOST, else where the configuration listens)",
};
/** Of commands that can do without a router. */
export const SERVER_OR_FILE_OPTION: Option = {
  ...SERVER_OPTION,
  help: "the running server (else $MELLAMO_HOST, else where the configuration listens; if none does, the store's file)",
};
/** Of commands that act on backends. */
export const BACKENDS_OPTION: Option = {
  name: "backend",
  value: "NAME",
  isMany: true,
  offer: "backends",
  help: "on this backend; may be given several times",
};
export const JSON_OPTION: Option = { name: "json", help: "print JSON, for programs" };

/** The text of an option, where it was given. */
export function textOption({ values }: Arguments, { name }: Option): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function textsOption({ values }: Arguments, { name }: Option): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}
