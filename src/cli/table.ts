/** Lays out rows of text in columns, for people. */

/** A wider cell pushes the rest of its own row to the right rather than that of all rows. */
const MAX_WIDTH = 60;

/** The first row is the heading. Columns are parted by two blanks; the last is not padded. */
export function table(written: readonly (readonly string[])[]): string {
  const rows = written.map((row) => row.map((cell) => cell.replaceAll("\n", "\u{fffd}")));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      const width = Bun.stringWidth(cell);
      if (width <= MAX_WIDTH) widths[column] = Math.max(widths[column] ?? 0, width);
    }
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - Bun.stringWidth(cell)));
}
