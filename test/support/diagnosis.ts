/** What `mellamo doctor` says. */

import { command, type Place } from "./mellamo.ts";

export interface Said {
  readonly what: string;
  readonly state: "ok" | "warn" | "fault";
  readonly text: string;
  readonly remedy?: string;
}

export interface Diagnosis {
  readonly status: number;
  readonly findings: readonly Said[];
  /** Those that are not well. */
  readonly wrong: readonly Said[];
  /** The first about this; rejects where there is none. */
  readonly about: (what: string) => Said;
}

/** Runs it where a test's configuration is the one that is found. */
export async function doctor(place: Place, ...args: readonly string[]): Promise<Diagnosis> {
  const { status, out, err } = await command(["doctor", "--json", ...args], place);
  if (err !== "") throw new Error(`doctor complains: ${err}`);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Said[] };
  return {
    status,
    findings,
    wrong: findings.filter(({ state }) => state !== "ok"),
    about(what) {
      const found = findings.find((one) => one.what === what);
      if (found === undefined) throw new Error(`Nothing about ${what}: ${out}`);
      return found;
    },
  };
}
