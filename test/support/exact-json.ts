/**
 * Reads JSON so that nothing is lost, and by other means than the program: two texts that hold the same have the same
 * canonical text, with numbers as they were written, keys sorted, and of equal keys the last.
 */

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** A value; what is neither text nor list nor object stands as it was written. */
export type Exact = { readonly written: string } | string | readonly Exact[] | ReadonlyMap<string, Exact>;

/** Throws a SyntaxError for what is no JSON. */
export function exactly(text: string): Exact {
  const tokens = tokensOf(text);
  let at = 0;

  function value(): Exact {
    const token = tokens[at++];
    if (token === "{") return object();
    if (token === "[") return list();
    if (token === undefined || /^[}\],:]$/.test(token)) throw new SyntaxError(`No value at token ${at}`);
    return token.startsWith('"') ? readText(token) : { written: token };
  }

  function object(): Exact {
    const entries = new Map<string, Exact>();
    if (take("}")) return entries;
    do {
      const key = tokens[at++];
      if (key?.startsWith('"') !== true || !take(":")) throw new SyntaxError(`No key at token ${at}`);
      entries.set(readText(key), value());
    } while (take(","));
    if (!take("}")) throw new SyntaxError(`No end of an object at token ${at}`);
    return entries;
  }

  function list(): Exact {
    const items: Exact[] = [];
    if (take("]")) return items;
    do items.push(value());
    while (take(","));
    if (!take("]")) throw new SyntaxError(`No end of a list at token ${at}`);
    return items;
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  }

  const all = value();
  if (at < tokens.length) throw new SyntaxError(`More than a value at token ${at}`);
  return all;
}

export function canonical(value: Exact): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Map) {
    const sorted = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  return "written" in value ? value.written : "";
}

export function isList(value: Exact | undefined): value is readonly Exact[] {
  return Array.isArray(value);
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  // not by a pattern: that would take its time with long rows of blanks
  let end = text.length;
  while (" \t\n\r".includes(text.charAt(end - 1)) && end > 0) end--;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new SyntaxError(`No token at ${from}`);
    tokens.push(found[0].trimStart());
  }
  return tokens;
}

function readText(token: string): string {
  const text: unknown = JSON.parse(token);
  return String(text);
}
