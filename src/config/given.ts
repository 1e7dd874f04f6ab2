/**
 * Reads what is said on the command line and in variables of the environment, beside a configuration file: the flags and
 * variables of gollamas, so that whoever comes from there keeps them.
 */

import * as v from "valibot";

import { isName, keyOf } from "../domain/name.ts";
import { LOG_LEVELS, type LogLevel } from "../telemetry/log.ts";
import type { Environment } from "./environment.ts";
import { parseListen } from "./listen.ts";
import { strayVariables } from "./stray-variables.ts";
import { backendName, url } from "./values.ts";

/** A value, and who says it: "--listen", "GOLLAMAS_LISTEN". */
export interface Said<T> {
  readonly value: T;
  readonly source: string;
}

export interface Pair {
  readonly name: string;
  readonly value: string;
}

export interface Given {
  readonly listen: Said<string> | undefined;
  readonly level: Said<LogLevel> | undefined;
  readonly listAliases: Said<boolean> | undefined;
  /** Ids of backends, and their URLs. */
  readonly connections: readonly Said<Pair>[];
  /** Models, and the id or URL of the backend that serves each. */
  readonly proxies: readonly Said<Pair>[];
  readonly aliases: readonly Said<Pair>[];
  /** Whether all is to be as in gollamas: what is not configured is not served, and no file is looked for. */
  readonly isWhole: boolean;
  /** What is no mistake, and may not be meant. */
  readonly warnings: readonly string[];
}

export const NOTHING_GIVEN: Given = {
  listen: undefined,
  level: undefined,
  listAliases: undefined,
  connections: [],
  proxies: [],
  aliases: [],
  isWhole: false,
  warnings: [],
};

/** The flags by their names, as they were given. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What is wrong with a flag or a variable, in one line. */
export class BadGiven extends Error {
  override readonly name = "BadGiven";
}

/** The variables without a prefix are read only where `isAlone`: beside a file they are meant for somebody else. */
export function readGiven(flags: Flags, env: Environment, isAlone: boolean): Given {
  const text = (flag: string, variable: string): Said<string> | undefined =>
    textFlag(flags, flag) ?? variableOf(env, variable, isAlone);
  const pairs = (one: string, several: string, variable: string): Said<Pair>[] => {
    const flagged = listFlag(flags, one);
    const others = text(several, variable);
    return [...flagged, ...(others === undefined ? [] : [others])].flatMap(pairsOf);
  };
  const listen = text("listen", "LISTEN");
  const level = text("level", "LEVEL");
  const named = pairs("alias", "aliases", "ALIASES");
  const given = {
    listen: listen && checked(listen, (value) => parseListen(value) !== undefined, LISTEN_WORDS),
    level: level && { ...level, value: levelOf(level) },
    listAliases: listAliasesOf(flags, env, isAlone),
    connections: flagsFirst(pairs("connection", "connections", "CONNECTIONS"), (id) => id),
    proxies: flagsFirst(pairs("proxy", "proxies", "PROXIES"), keyOf),
    aliases: flagsFirst(named, keyOf),
  };
  for (const one of given.connections) checkConnection(one, given.connections);
  for (const one of [...given.proxies, ...given.aliases]) checkNames(one);
  // a single alias is one more name; whoever lists them all has a gollamas in mind
  const isPlural = named.some(({ source }) => source !== "--alias");
  const isWhole = given.connections.length > 0 || given.proxies.length > 0 || isPlural;
  return { ...given, isWhole, warnings: strayVariables(env) };
}

const LISTEN_WORDS = 'expected "host:port", ":port", "[::1]:port" or "unix:/path"';

function textFlag(flags: Flags, name: string): Said<string> | undefined {
  const value = flags[name];
  return typeof value === "string" ? { value, source: `--${name}` } : undefined;
}

function listFlag(flags: Flags, name: string): Said<string>[] {
  const values = flags[name];
  const texts = Array.isArray(values) ? values.map(String) : [];
  return texts.map((value) =>
    checked({ value, source: `--${name}` }, (text) => text.trim() !== "", expectation(`--${name}`)),
  );
}

/** One that is set to nothing is not set. */
function variableOf(env: Environment, name: string, isAlone: boolean): Said<string> | undefined {
  const source = [`GOLLAMAS_${name}`, ...(isAlone ? [name] : [])].find(
    (one) => Object.hasOwn(env, one) && env[one]?.trim(),
  );
  return source === undefined ? undefined : { value: env[source] ?? "", source };
}

/** `a=b,c=d`. What is behind the first `=` may hold more of them. */
function pairsOf({ value: list, source }: Said<string>): Said<Pair>[] {
  const items = list.split(",").map((item) => item.trim());
  return items
    .filter((item) => item !== "")
    .map((item) => {
      const at = item.indexOf("=");
      const [name, value] = [item.slice(0, Math.max(at, 0)).trim(), item.slice(at + 1).trim()];
      checked({ value: item, source }, () => at !== -1 && name !== "" && value !== "", expectation(source));
      return { value: { name, value }, source };
    });
}

function expectation(source: string): string {
  return `expected ${FORMS[source] ?? "NAME=VALUE"}`;
}

const PROXY_FORM = "MODEL=URL or MODEL=CONNECTION";
const FORMS: Readonly<Record<string, string>> = {
  "--proxy": PROXY_FORM,
  "--proxies": `${PROXY_FORM}, parted by commas`,
  "--connection": "ID=URL",
  "--connections": "ID=URL, parted by commas",
  "--alias": "NAME=MODEL",
  "--aliases": "NAME=MODEL, parted by commas",
};

function checked<T>(said: Said<T>, isRight: (value: T) => boolean, words: string): Said<T> {
  if (isRight(said.value)) return said;
  throw new BadGiven(`${said.source}: ${words}, got ${JSON.stringify(withoutCredentials(said.value))}`);
}

/** As a mistake quotes it: what stands before an `@` may be a password. */
export function withoutCredentials(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll(/[^/,=]*@/g, "…@") : value;
}

/** The levels of gollamas, and what they are here. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  panic: "error",
  fatal: "error",
  warning: "warn",
  trace: "debug",
  ...Object.fromEntries(LOG_LEVELS.map((level) => [level, level])),
};

function levelOf({ value, source }: Said<string>): LogLevel {
  const level = value.toLowerCase();
  if (Object.hasOwn(LEVELS, level)) return LEVELS[level] ?? "info";
  const words = Object.keys(LEVELS).map((word) => JSON.stringify(word));
  throw new BadGiven(`${source}: expected ${words.join(", ")}, got ${JSON.stringify(value)}`);
}

function listAliasesOf(flags: Flags, env: Environment, isAlone: boolean): Said<boolean> | undefined {
  const flag = flags["list-aliases"];
  if (typeof flag === "boolean") return { value: flag, source: "--list-aliases" };
  const said = variableOf(env, "LIST_ALIASES", isAlone);
  if (said === undefined) return undefined;
  const { value } = checked(said, (text) => /^(1|0|t|f|true|false)$/i.test(text), "expected true or false");
  return { value: /^[1t]/i.test(value), source: said.source };
}

/** What a variable says of a name that a flag speaks of does not count. `key` is alike for names that are one. */
function flagsFirst(said: readonly Said<Pair>[], key: (name: string) => string): Said<Pair>[] {
  const isFlag = ({ source }: Said<Pair>): boolean => source.startsWith("--");
  const flagged = new Set(said.filter(isFlag).map(({ value }) => key(value.name)));
  return said.filter((one) => isFlag(one) || !flagged.has(key(one.value.name)));
}

function checkConnection({ value: { name, value }, source }: Said<Pair>, all: readonly Said<Pair>[]): void {
  const origin = v.safeParse(url, value);
  const [fault] = v.safeParse(backendName, name).issues ?? origin.issues ?? [];
  if (fault !== undefined) throw new BadGiven(`${source} ${name}: ${fault.message}`);
  const others = all.filter((other) => other.value.name === name);
  if (others.some((other) => v.safeParse(url, other.value.value).output !== origin.output))
    throw new BadGiven(`${source} ${name}: it is given twice, with different URLs`);
}

function checkNames({ value: { name, value }, source }: Said<Pair>): void {
  for (const text of [name, value])
    if (!isName(text)) throw new BadGiven(`${source}: ${JSON.stringify(text)} can be no name`);
}
