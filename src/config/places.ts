/** Tells at which line and column a key of a TOML document stands. The document is known to be valid. */

export type Path = readonly (string | number)[];

export interface Place {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** The places of a document's keys and array elements. A path that is not there has its nearest parent's place. */
export function placesOf(toml: string): (path: Path) => Place {
  const offsets = new Map<string, number>();
  new Walk(toml, (path, offset) => {
    const key = JSON.stringify(path);
    if (!offsets.has(key)) offsets.set(key, offset);
  }).document();
  const lines = lineStarts(toml);
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(JSON.stringify(path.slice(0, length)));
      if (offset !== undefined) return placeAt(lines, offset);
    }
    return { line: 1, column: 1 };
  };
}

/** Where each line begins, so that a file of mistakes is not read again for each of them. */
function lineStarts(toml: string): number[] {
  const starts = [0];
  for (let end = toml.indexOf("\n"); end !== -1; end = toml.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

function placeAt(lines: readonly number[], offset: number): Place {
  let line = 0;
  for (let end = lines.length; end - line > 1;) {
    const middle = (line + end) >> 1;
    if ((lines[middle] ?? 0) <= offset) line = middle;
    else end = middle;
  }
  return { line: line + 1, column: offset - (lines[line] ?? 0) + 1 };
}

class Walk {
  private at = 0;
  private table: Path = [];
  /** How many tables each array of tables has so far, by path. */
  private readonly counts = new Map<string, number>();
  private readonly toml: string;
  private readonly note: (path: Path, offset: number) => void;

  constructor(toml: string, note: (path: Path, offset: number) => void) {
    this.toml = toml;
    this.note = note;
  }

  document(): void {
    for (this.skipSpace(); this.at < this.toml.length; this.skipSpace()) {
      if (this.toml[this.at] === "[") this.header();
      else this.pair(this.table);
    }
  }

  /** `[a.b]`, or `[[a.b]]`, which adds a table to an array. */
  private header(): void {
    const start = this.at;
    const isArray = this.toml.startsWith("[[", this.at);
    this.at += isArray ? 2 : 1;
    const keys = this.keys().map(({ key }) => key);
    let path: Path = [];
    for (const [index, key] of keys.entries()) {
      path = [...path, key];
      const count = this.counts.get(JSON.stringify(path));
      if (count !== undefined && !(isArray && index === keys.length - 1)) path = [...path, count - 1];
    }
    if (isArray) {
      const count = this.counts.get(JSON.stringify(path)) ?? 0;
      this.counts.set(JSON.stringify(path), count + 1);
      this.note(path, start);
      path = [...path, count];
    }
    this.note(path, start);
    this.table = path;
    this.at += isArray ? 2 : 1;
  }

  /** `key = value`, anywhere. */
  private pair(parent: Path): void {
    let path = parent;
    for (const { key, offset } of this.keys()) {
      path = [...path, key];
      this.note(path, offset);
    }
    this.at++;
    this.skipSpace();
    this.value(path);
  }

  /** A dotted key, up to what follows it. */
  private keys(): { readonly key: string; readonly offset: number }[] {
    const keys: { readonly key: string; readonly offset: number }[] = [];
    for (;;) {
      this.skipSpace();
      const offset = this.at;
      const quote = this.toml[this.at];
      if (quote === '"' || quote === "'") {
        this.string();
        keys.push({ key: unquoted(this.toml.slice(offset, this.at)), offset });
      } else {
        this.skip(/[A-Za-z0-9_-]*/y);
        keys.push({ key: this.toml.slice(offset, this.at), offset });
      }
      this.skipSpace();
      if (this.toml[this.at] !== ".") return keys;
      this.at++;
    }
  }

  private value(path: Path): void {
    const first = this.toml[this.at];
    if (first === '"' || first === "'") this.string();
    else if (first === "[") this.list("]", (index) => this.element([...path, index]));
    else if (first === "{") this.list("}", () => this.pair(path));
    else this.skip(/[^,\]}\n#]*/y);
  }

  private element(path: Path): void {
    this.note(path, this.at);
    this.value(path);
  }

  private list(close: string, item: (index: number) => void): void {
    this.at++;
    this.skipSpace();
    for (let index = 0; this.toml[this.at] !== close && this.at < this.toml.length; index++) {
      item(index);
      this.skipSpace();
      if (this.toml[this.at] === ",") this.at++;
      this.skipSpace();
    }
    this.at++;
  }

  private string(): void {
    const patterns = [/"""(?:\\[\s\S]|[^\\])*?"""+/y, /'''[\s\S]*?'''+/y, /"(?:\\.|[^"\\])*"/y, /'[^']*'/y];
    // an engine of regular expressions gives up on strings of megabytes: what follows them keeps no place
    if (!patterns.some((pattern) => this.skip(pattern))) this.at = this.toml.length;
  }

  /** Blanks, line breaks and comments. */
  private skipSpace(): void {
    this.skip(/(?:\s|#[^\n]*)*/y);
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.toml);
    if (match !== null) this.at = pattern.lastIndex;
    return match !== null;
  }
}

/** A quoted key's text. Its escapes are JSON's, but for the few that no one uses in keys. */
function unquoted(key: string): string {
  if (key.startsWith("'")) return key.slice(1, -1);
  try {
    return String(JSON.parse(key));
  } catch {
    return key.slice(1, -1);
  }
}
