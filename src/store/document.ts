/**
 * The text of the alias store, laid out like Ollama's `server.json`: `{"version": 1, "aliases": [ … ]}`. Whatever else
 * stands in it belongs to others, and survives every change to the last digit.
 */

declare global {
  /** Of the proposal "JSON.parse source text access", which Bun has and its types lack. */
  interface JSON {
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

/** A JSON object; its numbers are kept as they are written, so that those of 64 bits survive. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface Document {
  readonly top: JsonObject;
  /** The entries as they stand there, whether they can be read or not. */
  readonly aliases: readonly unknown[];
}

/** The text is not what a store holds. */
export interface Unreadable {
  readonly unreadable: string;
  /** It is whole, but of a layout that is not known here. */
  readonly isForeign: boolean;
}

export const EMPTY: Document = { top: { version: 1, aliases: [] }, aliases: [] };

/** The layout that is read and written here; Ollama takes a version that says nothing for it, too. */
const VERSIONS: readonly (string | undefined)[] = ["1", "0", "null", undefined];

export function parseDocument(text: string): Document | Unreadable {
  let top: unknown;
  try {
    top = JSON.parse(text, keepNumber);
  } catch (failure) {
    // JSON all the same, of somebody who nests deeper than can be read here: it stays where it is
    if (failure instanceof RangeError) return { unreadable: "it is nested too deeply", isForeign: true };
    return unreadable(`it is no JSON (${failure instanceof Error ? failure.message : String(failure)})`);
  }
  if (!isJsonObject(top)) return unreadable("it is no JSON object");
  const { version, aliases = [] } = top;
  if (!VERSIONS.includes(JSON.stringify(version)))
    return { unreadable: `unsupported router config version ${JSON.stringify(version)}`, isForeign: true };
  if (aliases !== null && !Array.isArray(aliases)) return unreadable('its "aliases" are no list');
  return { top: version === undefined ? top : { ...top, version: 1 }, aliases: aliases ?? [] };
}

function unreadable(why: string): Unreadable {
  return { unreadable: why, isForeign: false };
}

export function documentText({ top, aliases }: Document): string {
  return `${JSON.stringify({ version: 1, ...top, aliases }, null, 2)}\n`;
}

/** A parsed number is an object that is written as it was read: `JSON.rawJSON` of the proposal with its name. */
function keepNumber(_: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === "number" && source !== undefined ? JSON.rawJSON(source) : value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
