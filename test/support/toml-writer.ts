/** Writes random TOML documents, and notes while it writes where each key and each element of a list begins. */

import type { Path } from "../../src/config/places.ts";
import type { Random } from "./random.ts";

export interface Written {
  readonly toml: string;
  /** Where each path was written first, counted from the beginning of the document. */
  readonly offsets: readonly { readonly path: Path; readonly offset: number }[];
}

/** Values that end where they should only for a reader who knows strings, dates and comments. */
const SCALARS = [
  "1",
  "-1_000",
  "0xff",
  "6.6e-3",
  "inf",
  "true",
  "1979-05-27",
  "1979-05-27 07:32:00Z",
  "07:32:00",
  '"# ] } , = \\" \\\\"',
  "'# ] } , = \" \\'",
  '""',
  "''",
];
const LONG_STRINGS = [
  '"""\n[t]\na = 1 # \\"""\n ""x"""',
  "'''\n[[t]]\n'' ] }\n'''",
  '""""two"""""',
  "'''\\'''",
];
const COMMENTS = ["# x = 1", '#"', "# [t]", "#'''", "# ]}"];

export function writeToml(random: Random): Written {
  const offsets: { path: Path; offset: number }[] = [];
  const noted = new Set<string>();
  let toml = "";
  let keys = 0;

  const write = (text: string): void => {
    toml += text;
  };
  const note = (path: Path, offset = toml.length): void => {
    const text = JSON.stringify(path);
    if (!noted.has(text)) offsets.push({ path, offset });
    noted.add(text);
  };
  const blank = (): void => write(random.pick(["", "", " ", "\t "]));
  const lineEnd = (): void => write(`${random.chance(0.2) ? ` ${random.pick(COMMENTS)}` : ""}\n`);
  /** What may stand between two elements of a list or an inline table: blanks, line breaks, comments. */
  const gap = (): void => (random.chance(0.25) ? lineEnd() : blank());

  /** A name that no other key of the document has, and one way to write it. */
  const key = (): { readonly name: string; readonly text: string } => {
    const name = `${random.pick(["k", "a.b ", 'q"', "#", "é\\", "-", "]="])}${keys++}`;
    if (/^[\w-]+$/.test(name) && random.chance(0.7)) return { name, text: name };
    const literal = random.chance(0.5);
    return { name, text: literal ? `'${name}'` : JSON.stringify(name) };
  };

  /** A dotted key; `each` is told every part of it before it is written. */
  const dotted = (parent: Path, parts: number, each: (path: Path) => void): Path => {
    let path = parent;
    for (let part = 0; part < parts; part++) {
      if (part > 0) write(random.pick([".", " . ", ". "]));
      const { name, text } = key();
      path = [...path, name];
      each(path);
      write(text);
    }
    return path;
  };

  const pair = (parent: Path, depth: number): void => {
    const path = dotted(parent, random.chance(0.2) ? 2 + random.below(2) : 1, (part) => note(part));
    blank();
    write("=");
    blank();
    value(path, depth);
  };

  const value = (path: Path, depth: number): void => {
    const kind = depth === 0 ? 0 : random.below(6);
    if (kind === 4) list(path, depth - 1);
    else if (kind === 5) inlineTable(path, depth - 1);
    else write(random.pick(kind === 3 ? LONG_STRINGS : SCALARS));
  };

  const list = (path: Path, depth: number): void => {
    const length = random.below(4);
    write("[");
    for (let index = 0; index < length; index++) {
      gap();
      note([...path, index]);
      value([...path, index], depth);
      gap();
      if (index < length - 1 || random.chance(0.3)) write(",");
    }
    gap();
    write("]");
  };

  const inlineTable = (path: Path, depth: number): void => {
    write("{");
    const length = random.below(4);
    for (let index = 0; index < length; index++) {
      gap();
      pair(path, depth);
      gap();
      if (index < length - 1 || random.chance(0.3)) write(",");
    }
    gap();
    write("}");
  };

  const body = (path: Path): void => {
    for (let count = random.below(4); count > 0; count--) {
      blank();
      pair(path, 2);
      lineEnd();
      if (random.chance(0.2)) lineEnd();
    }
  };

  /** A table below `parent`, whose own header is spelled by `prefix`. */
  const table = (parent: Path, prefix: string): void => {
    const start = toml.length;
    write(`[${prefix}`);
    const path = dotted(parent, 1 + random.below(2), () => {});
    note(path, start);
    write("]");
    lineEnd();
    body(path);
  };

  /** A list of tables, with tables of their own in some of them. */
  const tables = (): void => {
    const { name, text } = key();
    for (let index = 0; index < 1 + random.below(3); index++) {
      note([name]);
      note([name, index]);
      write(`[[${text}]]`);
      lineEnd();
      body([name, index]);
      if (random.chance(0.4)) table([name, index], `${text}.`);
    }
  };

  body([]);
  for (let count = 1 + random.below(5); count > 0; count--) {
    blank();
    if (random.chance(0.4)) tables();
    else table([], "");
  }
  return { toml, offsets };
}
