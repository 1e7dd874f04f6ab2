/** Longer questions and longer answers. */

import type { Part, Subject, Unit } from "../part.ts";
import { asked, bodyOf, validate, type Wish } from "../question.ts";

const KIB = 1024;
const RATE: Unit = { unit: "requests/s", better: "more" };

/** As many connections as a machine may have at work with bodies of the length. */
const SIZES = [
  { name: "4 KiB", bytes: 4 * KIB, connections: 32 },
  { name: "256 KiB", bytes: 256 * KIB, connections: 16 },
  { name: "20 MiB", bytes: 20 * KIB * KIB, connections: 2 },
];

interface Case {
  readonly name: string;
  readonly wish: Wish;
  readonly connections: number;
}

const CASES: readonly Case[] = SIZES.flatMap(({ name, bytes, connections }) => [
  { name: `${name} up`, wish: { bytes }, connections },
  { name: `${name} down`, wish: { answerBytes: bytes }, connections },
]);

export const bodies: Part = {
  name: "bodies",
  about: "long questions with short answers, and the other way round",
  figures: Object.fromEntries(CASES.map(({ name }) => [name, RATE])),
  validate: (subject: Subject) =>
    validate(
      asked(subject),
      CASES.map(({ wish }) => wish),
    ),
  async measure({ running: { url }, model }, { wrk, seconds }) {
    const figures: Record<string, number> = {};
    for (const { name, wish, connections } of CASES) {
      const told = await wrk.run({ url, connections, seconds, body: bodyOf(model, wish) });
      figures[name] = told.requests / told.seconds;
    }
    return figures;
  },
};
