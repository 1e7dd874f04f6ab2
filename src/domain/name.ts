/**
 * Decides when two model names are the same.
 *
 * The rules are Ollama's (its `types/model/name.go`): letter case, a tag `:latest`, the namespace `library/`
 * and the host `registry.ollama.ai` mean nothing. They hold for every engine; all else is significant.
 */

const DEFAULT_HOST = "registry.ollama.ai";
const DEFAULT_NAMESPACE = "library";
const DEFAULT_TAG = "latest";

/** Lowers the letters A to Z only, so that no look-alike of another script becomes one of them. */
export function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The name without surrounding blanks, default host and default namespace; case and tag as they came. */
export function shortName(name: string): string {
  const bare = name.trim();
  if (!bare.includes("/")) return bare;
  const parts = bare.replace(/^https?:\/\/(?=[^/]+\/[^/]+\/[^/]+$)/i, "").split("/");
  if (parts.length === 3 && fold(parts[0] ?? "") === DEFAULT_HOST) parts.shift();
  if (parts.length === 2 && fold(parts[0] ?? "") === DEFAULT_NAMESPACE) parts.shift();
  return parts.join("/");
}

/** The short name without the default tag. */
export function bareName(name: string): string {
  const short = shortName(name);
  const colon = tagColon(short);
  return colon > 0 && fold(short.slice(colon + 1)) === DEFAULT_TAG ? short.slice(0, colon) : short;
}

/** Names that may have something to leave out, or letters of other scripts. Most have not, and need no second look. */
const MAY_BE_SHORTENED = /[^!-~]|^https?:|registry\.ollama\.ai\/|library\/|:latest$/i;

/** The form under which equal names are equal strings. */
export function keyOf(name: string): string {
  return MAY_BE_SHORTENED.test(name) ? fold(bareName(name)) : name.toLowerCase();
}

/** The name as Ollama's own lists spell it: short, and always with a tag. */
export function taggedName(name: string): string {
  const short = shortName(name);
  return tagColon(short) === -1 ? `${short}:${DEFAULT_TAG}` : short;
}

/** The longest name that anybody may ask for, in characters: some engines call a model by the path of its file. */
export const MAX_NAME_LENGTH = 4096;

/** Whether a client may ask for this at all: not blank, not endless, no control characters. */
export function isName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && text.trim() !== "" && !hasControlCharacter(text);
}

/** Where the tag's colon stands, or -1: a colon before the last slash belongs to a host's port. */
function tagColon(name: string): number {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? colon : -1;
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
