/** The keys that say what is asked of models, spelled alike wherever they may stand. */

import * as v from "valibot";

import { keepAlive, options } from "../domain/parameter-schema.ts";
import { closed } from "./closed.ts";

const values = { options: v.optional(options), keep_alive: v.optional(keepAlive) };

export const parameters = {
  ...values,
  force: v.optional(closed(values, "expected a table with options or keep_alive")),
};
