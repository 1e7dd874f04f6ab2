/** Writes a configuration out as a file would have it, each setting with where it comes from. */

import { stringify } from "smol-toml";
import * as v from "valibot";

import type { Config } from "../config/config.ts";
import { dotted } from "../config/mistake.ts";
import type { Path } from "../config/places.ts";
import type { Written } from "../config/read.ts";
import { BackendEntry, SECTIONS } from "../config/schema.ts";

type Table = Readonly<Record<string, unknown>>;

/** A text that the router would read as it has read the file, the flags and the variables. */
export function shownConfig({ table, sourceOf }: Written, { storePath }: Config): string {
  const shown = new Shown(sourceOf);
  const sections = new Map<string, Table>();
  for (const [name, entries] of Object.entries(SECTIONS)) {
    const usual = { ...v.getDefaults(v.object(entries)), ...(name === "store" ? { path: storePath } : {}) };
    sections.set(name, { ...usual, ...tableIn(table[name]) });
    shown.section(`[${name}]`, [name], tableIn(table[name]), usual);
  }
  const inherited = { ...sections.get("timeouts"), ...sections.get("health") };
  const backends: unknown[] = Array.isArray(table["backend"]) ? table["backend"] : [];
  for (const [index, backend] of backends.entries()) {
    const usual = { ...v.getDefaults(v.object(BackendEntry.pipe[0].entries)), ...inherited };
    shown.section("[[backend]]", ["backend", index], tableIn(backend), usual);
  }
  for (const name of ["models", "aliases"]) shown.section(`[${name}]`, [name], tableIn(table[name]), {});
  return shown.text;
}

function tableIn(value: unknown): Table {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

class Shown {
  private readonly lines: string[] = [];
  private readonly sourceOf: Written["sourceOf"];

  constructor(sourceOf: Written["sourceOf"]) {
    this.sourceOf = sourceOf;
  }

  get text(): string {
    return this.lines.join("\n");
  }

  section(title: string, path: Path, said: Table, usual: Table): void {
    const all = { ...usual, ...said };
    const keys = Object.keys(all).filter((key) => all[key] !== undefined);
    this.lines.push(...(this.lines.length === 0 ? [] : [""]), title);
    for (const key of keys) {
      const isSaid = Object.hasOwn(said, key);
      const source = isSaid ? (this.sourceOf([...path, key]) ?? "default") : "default";
      this.lines.push(`${dotted([key])} = ${valueText(key, all[key])}  # ${source}`);
    }
  }
}

/** Nobody's secrets are printed. */
function valueText(key: string, value: unknown): string {
  return key === "key" ? '"…"' : inline(value);
}

/** A value on one line, as TOML has it. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    const pairs = Object.entries(value).map(([key, item]) => `${dotted([key])} = ${inline(item)}`);
    return `{ ${pairs.join(", ")} }`;
  }
  return stringify({ value }).trim().slice("value = ".length);
}
