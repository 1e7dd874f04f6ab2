/** Puts what is given on the command line and in variables over what a configuration file says. */

import * as v from "valibot";

import { keyOf } from "../domain/name.ts";
import { hint } from "../domain/nearest.ts";
import { backendNameOf } from "./backends.ts";
import { type Given, type Pair, type Said, withoutCredentials } from "./given.ts";
import { dotted, type Fault } from "./mistake.ts";
import type { Path } from "./places.ts";
import { unservedWarnings } from "./unserved.ts";
import { url } from "./values.ts";

type Table = Record<string, unknown>;

export interface Overlaid {
  readonly table: Table;
  /** Who says what is at a path, where the file does not: by dotted paths. */
  readonly sources: ReadonlyMap<string, string>;
  /** What only shows beside the file. */
  readonly faults: readonly Fault[];
  /** What is no mistake, and may not be meant. */
  readonly warnings: readonly string[];
}

/** Where gollamas listens, and what its settings are, unless somebody says otherwise. */
const GOLLAMAS = "as in gollamas";
const WHOLE: readonly (readonly [section: string, key: string, value: unknown])[] = [
  ["server", "listen", "127.0.0.1:11434"],
  ["listing", "only", "configured"],
  ["listing", "aliases", false],
];

export function overlay(document: unknown, given: Given): Overlaid {
  return new Overlay(isTable(document) ? document : {}).with(given);
}

class Overlay {
  private readonly table: Table;
  private readonly backends: unknown[];
  private readonly sources = new Map<string, string>();
  private readonly faults: Fault[] = [];
  private readonly warnings: string[] = [];

  constructor(document: Table) {
    this.table = { ...document };
    const { backend } = document;
    this.backends = Array.isArray(backend) ? [...backend] : [];
  }

  with({
    listen,
    level,
    listAliases,
    connections,
    proxies,
    aliases,
    isWhole,
    warnings: known,
  }: Given): Overlaid {
    if (listen !== undefined) this.put("server", "listen", listen);
    if (level !== undefined) this.put("log", "level", level);
    if (listAliases !== undefined) this.put("listing", "aliases", listAliases);
    if (isWhole) {
      for (const [section, key, value] of WHOLE)
        if (!Object.hasOwn(this.section(section), key)) this.put(section, key, { value, source: GOLLAMAS });
    }
    for (const connection of connections) this.connect(connection);
    for (const [, same] of Map.groupBy(proxies, ({ value }) => keyOf(value.name))) this.pin(same);
    for (const [, same] of Map.groupBy(aliases, ({ value }) => keyOf(value.name))) this.name(same);
    if (this.backends.length > 0 && Array.isArray(this.table["backend"] ?? []))
      this.table["backend"] = this.backends;
    if (isWhole)
      this.warnings.push(...unservedWarnings(this.section("models"), this.section("aliases"), aliases));
    const { table, sources, faults, warnings } = this;
    return { table, sources, faults, warnings: [...known, ...warnings] };
  }

  /** A section as it is now. */
  private section(name: string): Table {
    const section = this.table[name] ?? {};
    return isTable(section) ? section : {};
  }

  /** What the file has in place of a section is its mistake, and stays to be refused. */
  private put(section: string, key: string, { value, source }: Said<unknown>): void {
    if (!isTable(this.table[section] ?? {})) return;
    this.table[section] = { ...this.section(section), [key]: value };
    this.tell([section, key], source);
  }

  private tell(path: Path, source: string): void {
    this.sources.set(dotted(path), source);
  }

  /** A backend by its id: another URL for one of the file, or one more. */
  private connect({ value: { name, value }, source }: Said<Pair>): void {
    const at = this.backends.findIndex((entry) => nameOf(entry) === name);
    const before = this.backends[at];
    const path: Path = ["backend", at === -1 ? this.backends.length : at];
    if (isTable(before)) this.backends[at] = { ...before, url: value };
    else this.backends.push({ name, url: value });
    for (const key of isTable(before) ? ["url"] : ["name", "url"]) this.tell([...path, key], source);
  }

  /** All that is said of one model: who serves it. */
  private pin(same: readonly Said<Pair>[]): void {
    const [first] = same;
    if (first === undefined) return;
    const { source, value } = first;
    const path: Path = ["models", value.name];
    const homes = [...new Set(same.flatMap((said) => this.homeOf(said, path) ?? []))];
    if (same.length > 1) {
      const what =
        homes.length > 1 ? `served by ${homes.join(" and ")} alike` : "said twice, to no other effect";
      this.warnings.push(`${source}: "${value.name}" is ${what}`);
    }
    if (homes.length === 0) return;
    const [key, before] = entryOf(this.section("models"), value.name);
    const entry = isTable(before) ? { ...before, backend: homes } : homes;
    this.put("models", key, { value: entry, source });
  }

  /** The name of the backend that a proxy leads to; of several at one URL the first. */
  private homeOf({ value: { value: destination }, source }: Said<Pair>, path: Path): string | undefined {
    const known = this.backends.map(nameOf).filter((name) => name !== undefined);
    if (known.includes(destination)) return destination;
    const read = v.safeParse(url, destination);
    if (!read.success) {
      const words = destination.includes("://")
        ? read.issues[0].message
        : `no connection is called "${withoutCredentials(destination)}"${hint(destination, known)}; a URL begins with http:// or https://`;
      this.faults.push({ path, message: words });
      this.tell(path, source);
      return undefined;
    }
    const there = this.backends.find((entry) => isTable(entry) && originOf(entry["url"]) === read.output);
    if (there !== undefined) return nameOf(there);
    const at = this.backends.length;
    const usual = backendNameOf(undefined, destination) ?? destination;
    // an id, or the same host by http and https, may have the name already: then the port is told, too
    const name = known.includes(usual) ? `${new URL(destination).hostname}:${portOf(destination)}` : usual;
    if (known.includes(name)) {
      this.faults.push({ path, message: `a connection to somewhere else is called "${name}"` });
      this.tell(path, source);
      return undefined;
    }
    for (const key of ["name", "url"]) this.tell(["backend", at, key], source);
    this.backends.push(name === usual ? { url: destination } : { name, url: destination });
    return name;
  }

  /** All that is said of one alias. */
  private name(same: readonly Said<Pair>[]): void {
    const [first] = same;
    if (first === undefined) return;
    const { source, value } = first;
    const targets = [...new Set(same.map((said) => said.value.value))];
    if (targets.length > 1)
      this.warnings.push(
        `${source}: "${value.name}" stands for ${targets.join(" or ")}, whichever can be had`,
      );
    const [key] = entryOf(this.section("aliases"), value.name);
    this.put("aliases", key, { value: targets.length > 1 ? targets : targets[0], source });
  }
}

/** The entry of a name, however the file spells it. */
function entryOf(section: Table, name: string): readonly [key: string, entry: unknown] {
  const key = Object.keys(section).find((one) => keyOf(one) === keyOf(name)) ?? name;
  return [key, Object.hasOwn(section, key) ? section[key] : undefined];
}

function nameOf(entry: unknown): string | undefined {
  return isTable(entry) ? backendNameOf(entry["name"], entry["url"]) : undefined;
}

function portOf(url: string): string {
  const { port, protocol } = new URL(url);
  return port || (protocol === "https:" ? "443" : "80");
}

function originOf(text: unknown): string | undefined {
  return typeof text === "string" && URL.canParse(text) ? new URL(text).origin : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
