/**
 * Reads a request as Ollama does, by other means than the program: what Go's encoding/json makes of a struct with a map
 * `options` and a pointer `keep_alive`, and what Ollama makes of a `null` among the options.
 */

/** An entry of an object: its key as it is meant, and where its value stands in the text. */
export interface Entry {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** The entries of the first object in a text that is right; `from` is where the text stands in a longer one. */
export function entriesOf(text: string, from = 0): Entry[] {
  const entries: Entry[] = [];
  const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
  let depth = 0;
  let key: string | undefined;
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const string = strings.find(({ index }) => index === at)?.[0];
    const char = text.charAt(at);
    if (depth === 1 && start !== -1 && (char === "," || char === "}")) {
      const value = text.slice(start, at);
      const blanks = value.length - value.trimStart().length;
      const trimmed = value.trim();
      const first = from + start + blanks;
      entries.push({ key: key ?? "", start: first, end: first + trimmed.length, value: trimmed });
      start = -1;
    }
    if (string !== undefined) {
      if (depth === 1 && start === -1) key = String(JSON.parse(string));
      at += string.length - 1;
    } else if (char === ":" && depth === 1 && start === -1) start = at + 1;
    else if ("{[".includes(char)) depth++;
    else if ("}]".includes(char) && --depth === 0) return entries;
  }
  return entries;
}

/** The field that a key of the request is, by Unicode's simple folding: two letters beyond ASCII are an s and a k. */
export function fieldOf(key: string): string {
  return [...key]
    .map((letter) => ({ "\u017f": "s", "\u212a": "k" })[letter] ?? letter.toLowerCase())
    .join("");
}

/** What a request says: each value as it is written. */
export interface Said {
  readonly options: Readonly<Record<string, string>>;
  readonly keep_alive?: string;
}

export function goRead(text: string): Said {
  let options = new Map<string, string>();
  let keepAlive = "null";
  for (const { key, value } of entriesOf(text)) {
    if (fieldOf(key) === "keep_alive") keepAlive = value;
    if (fieldOf(key) !== "options") continue;
    // null sets a map to nil; another object is read into the map that is there
    if (value === "null") options = new Map();
    else for (const option of entriesOf(value)) options.set(option.key, option.value);
  }
  const said = [...options].filter(([, value]) => value !== "null");
  return { options: Object.fromEntries(said), ...(keepAlive === "null" ? {} : { keep_alive: keepAlive }) };
}
