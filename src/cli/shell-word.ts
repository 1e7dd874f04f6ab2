/** A text as a shell takes it for one word: people copy commands that are shown to them, and names may be anybody's. */
export function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
