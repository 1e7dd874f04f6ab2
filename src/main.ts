/** The program's entry. */

import { raiseOutgoingLimit } from "./cli/outgoing.ts";

const args = process.argv.slice(2);
const [first] = args;

// before all the rest is loaded: who serves may start anew here, and would load it twice
if (first === undefined || first === "serve" || first.startsWith("-")) raiseOutgoingLimit();

const { dispatch } = await import("./cli/dispatch.ts");
process.exitCode = await dispatch(args);
