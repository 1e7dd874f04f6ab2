/** All commands, in the order help lists them. */

import { check } from "./check.ts";
import type { Command } from "./command.ts";
import { demo } from "./demo.ts";
import { ls } from "./ls.ts";
import { ps } from "./ps.ts";
import { resolve } from "./resolve.ts";
import { serve } from "./serve.ts";

export const COMMANDS: readonly Command[] = [serve, check, resolve, ls, ps, demo];
