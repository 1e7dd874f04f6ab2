/** Reads the parts of a configuration whose keys are names that people choose: aliases and pins. */

import * as v from "valibot";

import { type Alias, configAlias, isPattern } from "../domain/alias.ts";
import { bookOf } from "../domain/book.ts";
import { chainFaults } from "../domain/chains.ts";
import { isName, keyOf } from "../domain/name.ts";
import { hint } from "../domain/nearest.ts";
import { type Parameters, parametersOf } from "../domain/parameters.ts";
import { backendNameOf } from "./backends.ts";
import { type Fault, faultsOf } from "./mistake.ts";
import type { Path } from "./places.ts";
import { AliasEntry, ModelEntry } from "./schema.ts";

export interface Names {
  readonly aliases: readonly Alias[];
  /** By the model's key. */
  readonly pins: ReadonlyMap<string, readonly string[]>;
  /** What is asked of each model that has an entry, by its key. */
  readonly models: ReadonlyMap<string, Parameters | undefined>;
}

/** `document` is the whole file as TOML has it; what is wrong in its other parts is none of this one's business. */
export function readNames(document: unknown, faults: Fault[]): Names {
  const backends = readBackendNames(part(document, "backend"), faults);
  return {
    aliases: readAliases(part(document, "aliases"), backends, faults),
    ...readModels(part(document, "models"), backends, faults),
  };
}

function part(document: unknown, key: string): unknown {
  return typeof document === "object" && document !== null ? Reflect.get(document, key) : undefined;
}

function entriesOf(table: unknown): [string, unknown][] {
  const isTable = typeof table === "object" && table !== null && !Array.isArray(table);
  return isTable ? Object.entries(table) : [];
}

/** The names that targets and pins may refer to. Two backends cannot share one. */
function readBackendNames(list: unknown, faults: Fault[]): string[] {
  const names: string[] = [];
  for (const [index, entry] of (Array.isArray(list) ? list : []).entries()) {
    const name = backendNameOf(part(entry, "name"), part(entry, "url"));
    if (name === undefined) continue;
    if (names.includes(name))
      faults.push({ path: ["backend", index], message: `a second backend is called "${name}"` });
    names.push(name);
  }
  return names;
}

function readAliases(table: unknown, backends: readonly string[], faults: Fault[]): Alias[] {
  const aliases: Alias[] = [];
  const byKey = new Map<string, string>();
  for (const [name, entry] of entriesOf(table)) {
    const path: Path = ["aliases", name];
    const dotted = dotFaults(name, entry, path);
    if (dotted.length > 0) {
      faults.push(...dotted);
      continue;
    }
    const read = v.safeParse(AliasEntry, entry);
    faults.push(...faultsOf(read.issues ?? [], path));
    if (!isName(name))
      faults.push({ path, message: "expected a name that is not blank and has no control characters" });
    const twin = byKey.get(keyOf(name));
    if (twin !== undefined) faults.push({ path, message: `the same name as "${twin}"` });
    byKey.set(keyOf(name), name);
    // what is wrong in its parameters is no reason to keep back what is wrong elsewhere in it
    if (!read.typed) continue;
    const alias = configAlias(name, { ...read.output, parameters: parametersOf(read.output) });
    faults.push(...targetFaults(alias, path, backends));
    aliases.push(alias);
  }
  for (const { alias, kind, path } of chainFaults(bookOf(aliases))) {
    const chain = path.map((name) => `"${name}"`).join(" -> ");
    const message = kind === "cycle" ? `alias cycle: ${chain}` : `more than 10 hops: ${chain}`;
    faults.push({ path: ["aliases", alias.name], message });
  }
  return aliases;
}

/**
 * What is wrong with a name whose dots TOML took for tables: `llama3.1 = "x"` makes a table "llama3" with a key "1".
 * No key of ours begins with a digit.
 */
function dotFaults(name: string, entry: unknown, path: Path): Fault[] {
  const keys = entriesOf(entry).map(([key]) => key);
  if (!keys.some((key) => /^\d/.test(key))) return [];
  return keys.map((key) => {
    const whole = JSON.stringify(`${name}.${key}`);
    return { path, message: `a name with a dot needs quotes: ${whole}` };
  });
}

function targetFaults(alias: Alias, path: Path, backends: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  for (const { model, backend } of alias.targets) {
    if (!isName(model))
      faults.push({ path, message: "expected targets that are not blank and have no control characters" });
    if (model.includes("*") && !isPattern(alias)) {
      faults.push({
        path,
        message: `the "*" in "${model}" stands for what a "*" in the alias matches, and there is none`,
      });
    }
    if (backend !== undefined) faults.push(...unknownBackend(backend, backends, path));
  }
  return faults;
}

function readModels(
  table: unknown,
  backends: readonly string[],
  faults: Fault[],
): Pick<Names, "pins" | "models"> {
  const pins = new Map<string, readonly string[]>();
  const models = new Map<string, Parameters | undefined>();
  const seen = new Set<string>();
  for (const [model, entry] of entriesOf(table)) {
    const path: Path = ["models", model];
    const dotted = dotFaults(model, entry, path);
    if (dotted.length > 0) {
      faults.push(...dotted);
      continue;
    }
    const read = v.safeParse(ModelEntry, entry);
    faults.push(...faultsOf(read.issues ?? [], path));
    if (!isName(model))
      faults.push({ path, message: "expected a name that is not blank and has no control characters" });
    if (model.includes("*"))
      faults.push({ path, message: 'expected the exact name of a model: a "*" stands for nothing here' });
    if (seen.has(keyOf(model))) faults.push({ path, message: "a second entry of the same model" });
    seen.add(keyOf(model));
    if (!read.typed) continue;
    const { backend: homes, ...parameters } = read.output;
    for (const backend of homes ?? []) faults.push(...unknownBackend(backend, backends, path));
    if (homes !== undefined) pins.set(keyOf(model), homes);
    models.set(keyOf(model), parametersOf(parameters));
  }
  return { pins, models };
}

function unknownBackend(name: string, backends: readonly string[], path: Path): Fault[] {
  if (backends.includes(name)) return [];
  return [{ path, message: `no backend is called "${name}"${hint(name, backends)}` }];
}
