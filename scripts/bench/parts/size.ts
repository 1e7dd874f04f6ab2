/** How large the programs are that people download. */

import { stat } from "node:fs/promises";

import type { Part } from "../part.ts";

export const size: Part = {
  name: "size",
  about: "the program's file",
  figures: { file: { unit: "MiB", better: "less" } },
  times: 0,
  async validate() {},
  async measure({ program }) {
    return program === undefined ? {} : { file: (await stat(program)).size / 1024 / 1024 };
  },
};
