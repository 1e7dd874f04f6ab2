/** The keys that say what is asked of models, spelled alike wherever they may stand. */

import * as v from "valibot";

import { values } from "../domain/parameter-schema.ts";
import { closed } from "./closed.ts";

export const parameters = {
  ...values,
  force: v.optional(closed(values, "expected a table with options or keep_alive")),
};
