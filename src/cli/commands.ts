/** All commands, in the order help lists them. */

import { aliasRm } from "./alias-rm.ts";
import { aliasSet } from "./alias-set.ts";
import { aliasShow } from "./alias-show.ts";
import { alias } from "./alias.ts";
import { backendDrain, backendResume } from "./backend.ts";
import { check } from "./check.ts";
import type { Command } from "./command.ts";
import { completionsOf } from "./completions.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { health } from "./health.ts";
import { init } from "./init.ts";
import { ls } from "./ls.ts";
import { load, unload } from "./memory.ts";
import { ps } from "./ps.ts";
import { pull } from "./pull.ts";
import { resolve } from "./resolve.ts";
import { serve } from "./serve.ts";
import { serviceInstall, serviceUninstall } from "./service-install.ts";
import { serviceStatus } from "./service-status.ts";
import { status } from "./status.ts";

export const COMMANDS: readonly Command[] = [
  serve,
  init,
  check,
  doctor,
  alias,
  aliasSet,
  aliasRm,
  aliasShow,
  resolve,
  ls,
  ps,
  pull,
  load,
  unload,
  backendDrain,
  backendResume,
  status,
  health,
  serviceInstall,
  serviceUninstall,
  serviceStatus,
  demo,
  completionsOf(() => COMMANDS),
];
