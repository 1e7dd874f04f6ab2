/** Writes a configuration out as a file would have it, each setting with where it comes from. */

import * as v from "valibot";

import type { Config } from "../config/config.ts";
import type { Written } from "../config/read.ts";
import { BackendEntry, SECTIONS } from "../config/schema.ts";
import { inlineToml, keyToml } from "../config/toml-text.ts";

type Table = Readonly<Record<string, unknown>>;

/** A text that the router would read as it has read the file, the flags and the variables; but for secrets. */
export function shownConfig({ table, sourceOf }: Written, { storePath }: Config): string {
  const shown = new Shown();
  const sections = new Map<string, Table>();
  for (const [name, entries] of Object.entries(SECTIONS)) {
    // a relative path begins where the file is that says it, and this text may be saved elsewhere
    const whole = name === "store" ? { path: storePath } : {};
    const all = { ...v.getDefaults(v.object(entries)), ...tableIn(table[name]), ...whole };
    sections.set(name, all);
    shown.section(`[${name}]`, all, (key) => sourceOf([name, key]));
  }
  const backends: unknown[] = Array.isArray(table["backend"]) ? table["backend"] : [];
  for (const [index, backend] of backends.entries()) {
    const inherited = { ...sections.get("timeouts"), ...sections.get("health") };
    const usual = { ...v.getDefaults(v.object(BackendEntry.pipe[0].entries)), ...inherited };
    const sourceOfKey = (key: string): string | undefined =>
      [
        ["backend", index, key],
        ["timeouts", key],
        ["health", key],
      ]
        .map(sourceOf)
        .find(Boolean);
    shown.section("[[backend]]", { ...usual, ...tableIn(backend) }, sourceOfKey, "key");
  }
  for (const name of ["models", "aliases"])
    shown.section(`[${name}]`, tableIn(table[name]), (key) => sourceOf([name, key]));
  return shown.text;
}

function tableIn(value: unknown): Table {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

class Shown {
  private readonly lines: string[] = [];

  get text(): string {
    return this.lines.join("\n");
  }

  /** Nobody's secrets are printed: that there is a `secret` is a comment. */
  section(title: string, all: Table, sourceOf: (key: string) => string | undefined, secret?: string): void {
    const keys = Object.keys(all).filter((key) => all[key] !== undefined);
    this.lines.push(...(this.lines.length === 0 ? [] : [""]), title);
    for (const key of keys) {
      const setting = key === secret ? `#${key} = "…"` : `${keyToml(key)} = ${inlineToml(all[key])}`;
      this.lines.push(`${setting}  # ${sourceOf(key) ?? "default"}`);
    }
  }
}
