/** Runs a part: the systems take turns, so that a busy moment of the machine is not the fault of one. */

import { type Figure, figureOf } from "./figures.ts";
import type { Part, Subject, Tools } from "./part.ts";
import type { System } from "./system.ts";

/** By the names of figures, then by those of systems. */
export type Results = Readonly<Record<string, Readonly<Record<string, Figure>>>>;

/** `note` is told what is being done. */
export async function runPart(
  part: Part,
  systems: readonly System[],
  rounds: number,
  tools: Tools,
  note: (text: string) => void,
): Promise<Results> {
  const values: Record<string, Record<string, number[]>> = {};
  const standing = part.isFresh ? [] : await launchAll(part, systems);
  const wanted = Math.max(1, rounds * (part.times ?? 1));
  try {
    // what is compiled as it runs is not measured before it was
    if (!part.isFresh) for (const subject of standing) await part.measure(subject, tools);
    for (let round = 1; round <= wanted; round++) {
      for (const [index, system] of systems.entries()) {
        note(`${part.name}: ${system.name}, round ${round} of ${wanted}`);
        const subject = standing[index] ?? (await launchOne(part, system));
        try {
          const measured = await part.measure(subject, tools);
          for (const [figure, value] of Object.entries(measured))
            ((values[figure] ??= {})[system.name] ??= []).push(value);
        } finally {
          if (part.isFresh) await subject.running.stop();
        }
      }
    }
  } finally {
    await Promise.all(standing.map(({ running }) => running.stop()));
  }
  return Object.fromEntries(
    Object.keys(part.figures).map((figure) => [
      figure,
      Object.fromEntries(Object.entries(values[figure] ?? {}).map(([name, all]) => [name, figureOf(all)])),
    ]),
  );
}

async function launchAll(part: Part, systems: readonly System[]): Promise<Subject[]> {
  const subjects: Subject[] = [];
  try {
    for (const system of systems) subjects.push(await launchOne(part, system));
  } catch (failure) {
    await Promise.all(subjects.map(({ running }) => running.stop()));
    throw failure;
  }
  return subjects;
}

async function launchOne(part: Part, system: System): Promise<Subject> {
  const subject = { ...system, running: await system.launch() };
  try {
    await part.validate(subject);
  } catch (failure) {
    await subject.running.stop();
    throw failure;
  }
  return subject;
}
