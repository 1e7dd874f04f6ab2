/** Whether the configuration is there, and without mistakes. */

import type { Reading, Refusal } from "../../config/load.ts";
import { type Mistake, mistakeText } from "../../config/mistake.ts";
import { cut, type Finding } from "./finding.ts";
import { hasTaken, type Running } from "./running.ts";

const WHAT = "configuration";

/** Whether nothing is wrong but that this shell has not set what the router that runs has. */
export function isKnownThere(reading: Reading, running: Running | undefined): boolean {
  if (reading.kind !== "refused" || running === undefined || reading.mistakes.length === 0) return false;
  return reading.mistakes.every((one) => unsetIn(one) !== undefined && hasTaken(running, one.file));
}

/** `asked` is the file that the user named. */
export function configurationFindings(
  reading: Reading,
  asked: string | undefined,
  running: Running | undefined,
): readonly Finding[] {
  if (reading.kind === "refused" && isKnownThere(reading, running))
    return cut(reading.mistakes.map(elsewhereFinding), "mellamo check");
  if (reading.kind === "refused") return refusalFindings(reading, asked);
  const { config, file, written } = reading;
  const presumed = config.backends.some((backend) => backend.presumed);
  const where = file ?? (presumed ? "no file" : "all is said by variables");
  const backends = presumed
    ? "the usual ports of this machine are looked at"
    : `backends: ${config.backends.length}`;
  return [
    {
      what: WHAT,
      state: "ok",
      text: `${where} (${backends}, aliases: ${config.aliases.length})`,
      ...(presumed && file === undefined ? { remedy: "to have a file: mellamo init" } : {}),
    },
    ...written.warnings.map((text): Finding => ({ what: WHAT, state: "warn", text })),
  ];
}

function refusalFindings(
  { error, mistakes, isMisuse }: Refusal,
  asked: string | undefined,
): readonly Finding[] {
  if (mistakes.length > 0) return cut(mistakes.map(mistakeFinding), "mellamo check");
  const remedy =
    isMisuse === true ? "set the variable to what is expected, or unset it" : unreadableRemedy(error, asked);
  return [{ what: WHAT, state: "fault", text: error, remedy }];
}

function mistakeFinding(mistake: Mistake): Finding {
  return { what: WHAT, state: "fault", text: mistakeText(mistake), remedy: mistakeRemedy(mistake) };
}

function elsewhereFinding(mistake: Mistake): Finding {
  const text = `${mistakeText(mistake)} in this shell; the mellamo that runs has it`;
  const remedy = `for a look at backends and aliases from here set ${unsetIn(mistake)} here, too`;
  return { what: WHAT, state: "warn", text, remedy };
}

/** The environment variable that is missing. */
function unsetIn({ message }: Mistake): string | undefined {
  return /^environment variable (\w+) is not set$/.exec(message)?.[1];
}

function mistakeRemedy(mistake: Mistake): string {
  const variable = unsetIn(mistake);
  return variable === undefined
    ? `correct line ${mistake.line}; the config.toml that comes with mellamo explains every key`
    : `set ${variable} where mellamo is started, or write \${${variable}:-…} for a default`;
}

function unreadableRemedy(error: string, asked: string | undefined): string {
  if (error.endsWith("permission denied"))
    return "let the user that runs mellamo read the file: its folders, too";
  const init = `mellamo init${asked === undefined ? "" : " --config FILE"}`;
  return error.endsWith("no such file")
    ? `look at the spelling, or have one written: ${init}`
    : "name a file that can be read: --config FILE, or $MELLAMO_CONFIG";
}
