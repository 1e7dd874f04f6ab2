/** Reads the text of a configuration file, and reports every mistake in it at once. */

import { parse, TomlError } from "smol-toml";
import * as v from "valibot";

import { parametersOf } from "../domain/parameters.ts";
import { presumedBackends, settingsOf } from "./backends.ts";
import type { Config } from "./config.ts";
import { type Environment, expandVariables } from "./environment.ts";
import { type Given, NOTHING_GIVEN } from "./given.ts";
import { dotted, type Fault, faultsOf, type Mistake } from "./mistake.ts";
import { overlay } from "./overlay.ts";
import { type Path, placesOf } from "./places.ts";
import { readNames } from "./read-names.ts";
import { ConfigFile } from "./schema.ts";
import { storePathOf, usualStorePath } from "./store-path.ts";

/** All that is said, by the file, by flags and by variables, and who says it. */
export interface Written {
  readonly table: Readonly<Record<string, unknown>>;
  /** "config.toml:12", "--listen"; undefined where nobody says anything. */
  readonly sourceOf: (path: Path) => string | undefined;
  /** What is no mistake, and may not be meant. */
  readonly warnings: readonly string[];
}

export type Read =
  | { readonly kind: "config"; readonly config: Config; readonly written: Written }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** `file` is the name that mistakes bear. */
export function readConfig(toml: string, file: string, env: Environment, given: Given = NOTHING_GIVEN): Read {
  const document = parseToml(toml, file);
  if (document.kind === "mistakes") return document;

  const unset: Fault[] = [];
  const expanded = expandVariables(document.table, env, unset);
  const { table, sources, warnings, faults: atOdds } = overlay(expanded, given);
  const faults: Fault[] = [...atOdds];
  const entries = v.safeParse(ConfigFile, table);
  faults.push(...faultsOf(entries.issues ?? []));
  const names = readNames(table, faults);
  if (!entries.success || faults.length > 0 || unset.length > 0) {
    const blamed = new Set(
      unset.flatMap(({ path }) => path.map((_, index) => dotted(path.slice(0, index + 1)))),
    );
    const others = faults.filter(({ path }) => !blamed.has(dotted(path)));
    return { kind: "mistakes", mistakes: placed([...unset, ...others], toml, file, sources) };
  }

  const { server, routing, health, timeouts, listing, store, log, defaults, backend } = entries.output;
  const backends = backend.map((entry) => settingsOf(entry, { health, timeouts }));
  const config: Config = {
    server: {
      listen: server.listen,
      maxBody: server.max_body,
      drainMs: server.drain,
      origins: server.origins,
      copy: server.copy,
      headers: server.headers,
    },
    routing: {
      queue: { size: routing.queue_size, timeoutMs: routing.queue_timeout },
      sticky: routing.sticky,
    },
    storePath: store.path === undefined ? usualStorePath(env) : storePathOf(store.path, file, env),
    listing: { only: listing.only, aliases: listing.aliases },
    log: { level: log.level, format: log.format },
    backends: backends.length > 0 ? backends : presumedBackends({ health, timeouts }, server.listen),
    pins: names.pins,
    models: names.models,
    defaults: parametersOf(defaults),
    aliases: names.aliases,
  };
  let placeOf: ReturnType<typeof placesOf> | undefined;
  const sourceOf = (path: Path): string | undefined => {
    const given = sayerOf(path, sources);
    if (given !== undefined || !isSaid(table, path)) return given;
    placeOf ??= placesOf(toml);
    return `${file}:${placeOf(path).line}`;
  };
  return { kind: "config", config, written: { table, sourceOf, warnings } };
}

/** The flag or variable that says what is at a path, or all that it is a part of. */
function sayerOf(path: Path, sources: ReadonlyMap<string, string>): string | undefined {
  const parents = path.map((_, index) => dotted(path.slice(0, path.length - index)));
  return parents.map((parent) => sources.get(parent)).find((source) => source !== undefined);
}

function isSaid(table: unknown, path: Path): boolean {
  let at = table;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return false;
    at = Reflect.get(at, key);
  }
  return true;
}

function parseToml(
  toml: string,
  file: string,
): { readonly kind: "table"; readonly table: unknown } | (Read & { kind: "mistakes" }) {
  try {
    const table = parse(toml);
    if (!isDeeper(table, MAX_DEPTH)) return { kind: "table", table };
    const message = `invalid TOML: tables within tables, more than ${MAX_DEPTH} deep`;
    return { kind: "mistakes", mistakes: [{ file, line: 1, column: 1, path: "", message }] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ""] = error.message.split("\n");
    const what = first.replace(/^Invalid TOML document: /, "");
    const message = `invalid TOML: ${what}${HINTS[what] ?? ""}`;
    const mistake: Mistake = { file, line: error.line, column: error.column, path: "", message };
    return { kind: "mistakes", mistakes: [mistake] };
  }
}

/** No key of ours is nested so deep, and whoever walks through a table that is comes to the end of the stack. */
const MAX_DEPTH = 100;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1));
}

/** What is usually behind the words of the parser. */
const HINTS: Record<string, string> = {
  "illegal character in key": ' (a name with such characters needs quotes: "claude-*")',
  "control characters are not allowed in strings": " (is a closing quote missing?)",
  "invalid value": " (texts need quotes)",
};

function placed(
  faults: readonly Fault[],
  toml: string,
  file: string,
  sources: ReadonlyMap<string, string>,
): Mistake[] {
  const placeOf = placesOf(toml);
  return faults
    .map(({ path, message }): Mistake => {
      const source = sayerOf(path, sources);
      if (source !== undefined)
        return { file: source, line: 0, column: 0, path: dotted(path), message, source };
      return { file, ...placeOf(path), path: dotted(path), message };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
