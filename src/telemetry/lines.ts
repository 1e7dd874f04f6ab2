/** Gathers lines into one write: a write a line costs a busy router a tenth of its time. */

/** A line is written no later than this: nobody notices, and many come in this time where it matters. */
const GATHER_MS = 5;

/** A function that takes lines; `write` gets them together, in a moment or when the process ends. */
export function gatherLines(write: (text: string) => void): (line: string) => void {
  let gathered = "";
  function flush(): void {
    const text = gathered;
    gathered = "";
    if (text !== "") write(text);
  }
  process.on("exit", flush);
  return (line) => {
    if (gathered === "") setTimeout(flush, GATHER_MS);
    gathered += line;
  };
}
