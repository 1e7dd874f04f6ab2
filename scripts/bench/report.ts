/** Puts results on the screen: for each figure a table of systems. */

import type { Verdict } from "./budgets.ts";
import type { Part } from "./part.ts";
import type { Results } from "./run.ts";

/** What all are compared with. */
const MEASURE = "nginx";

export function reportOf({ name, about, figures }: Part, results: Results): string {
  const lines = [`${name}: ${about}`];
  for (const [figure, { unit }] of Object.entries(figures)) {
    const systems = Object.entries(results[figure] ?? {});
    if (systems.length === 0) continue;
    const measure = results[figure]?.[MEASURE]?.median;
    lines.push("", `  ${figure}, ${unit}`);
    for (const [system, { median, least, most }] of systems) {
      const ratio = measure === undefined ? "" : (median / measure).toFixed(2);
      const range = `${shown(least)} – ${shown(most)}`;
      lines.push(
        `    ${system.padEnd(34)}${shown(median).padStart(10)}  ${range.padEnd(22)}${ratio.padStart(6)}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(
      ({ budget, value, holds }) =>
        `${holds ? "holds " : "BROKEN"}  ${shown(value).padStart(8)}  ${budget}\n`,
    )
    .join("");
}

function shown(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}
