/** The program's entry. */

import { raiseOutgoingLimit } from "./cli/outgoing.ts";

const args = process.argv.slice(2);
const [first] = args;

// before all the rest is loaded: who serves may start anew here, and would load it twice
if (first === undefined || first === "serve" || first.startsWith("-")) raiseOutgoingLimit();

// no `await`: at the top of a module it rules out compiling to bytecode, which saves two thirds of the start
void import("./cli/dispatch.ts").then(async ({ dispatch }) => {
  process.exitCode = await dispatch(args);
});
