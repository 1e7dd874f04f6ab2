/** Finds what somebody who mistyped probably meant. */

/** Longer texts are not compared: no one mistypes them, and the time grows with the product of the lengths. */
const MAX_LENGTH = 100;

/** Nobody waits while a name is compared to all of a hundred thousand others. */
const MAX_COMPARED = 2000;

/** Up to `most` of the candidates, closest first, that are at most a third of the text away from it. */
export function nearest(text: string, candidates: Iterable<string>, most = 3): string[] {
  if (text.length > MAX_LENGTH) return [];
  const wanted = text.toLowerCase();
  const close: { readonly candidate: string; readonly distance: number }[] = [];
  let compared = 0;
  for (const candidate of new Set(candidates)) {
    if (candidate.length > MAX_LENGTH) continue;
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    if (++compared > MAX_COMPARED) break;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= limit) close.push({ candidate, distance });
  }
  close.sort((a, b) => a.distance - b.distance);
  return close.slice(0, most).map(({ candidate }) => candidate);
}

/** What to say after a text that is not known: `, did you mean "…"?`, or nothing where no candidate is near. */
export function hint(text: string, candidates: Iterable<string>): string {
  const [near] = nearest(text, candidates, 1);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

/** Levenshtein's distance, with two neighbours swapped counted as one step. */
function editDistance(a: string, b: string): number {
  let twoAgo: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(at(previous, column) + 1, at(current, column - 1) + 1);
      best = Math.min(best, at(previous, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(twoAgo, column - 2) + 1);
      }
      current.push(best);
    }
    twoAgo = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
