/** `mellamo service install` and `mellamo service uninstall`: has systemd run the router, and no longer. */

import { fileTrouble } from "../domain/failure.ts";
import {
  installSteps,
  isInstalled,
  packagedUnit,
  servedProgram,
  type Step,
  uninstallSteps,
  UNIT_FILE,
} from "../systemd/installation.ts";
import { type Machine, runsSystemd, SystemctlFailure } from "../systemd/machine.ts";
import { CONFIG_FILE, unitText } from "../systemd/unit.ts";
import { type Command, complain, FAILED, OK, type Option, refuse, say } from "./command.ts";
import { commandLine, thisMachine } from "./this-machine.ts";

const PRINT: Option = { name: "print", help: "print what would be done, and do nothing" };

export const serviceInstall: Command = {
  name: "service install",
  operands: [],
  help: "have systemd run the router, now and whenever the machine starts; again: with this version",
  options: [PRINT],
  run: ({ values }) => install(thisMachine(), values[PRINT.name] === true),
};

export const serviceUninstall: Command = {
  name: "service uninstall",
  operands: [],
  help: "have it run by systemd no longer; its configuration and its aliases stay",
  options: [PRINT],
  run: ({ values }) => uninstall(thisMachine(), values[PRINT.name] === true),
};

/** The exit status. */
export async function install(machine: Machine, isPrinted: boolean): Promise<number> {
  const steps = await installSteps(machine);
  if (isPrinted) {
    say(`# ${UNIT_FILE}\n${unitText({ program: servedProgram(machine.program) })}`);
    return print(steps);
  }
  const why = whyNot(machine, "install") ?? whyNoInstall(machine);
  if (why !== undefined) return refuse(why);
  // what is for all users of the machine is so whatever the shell of root says
  process.umask(0o022);
  if (!(await takeAll(steps))) return FAILED;
  say(`The service runs. Its configuration: ${CONFIG_FILE}. Its log: journalctl -u mellamo`);
  return OK;
}

/** The exit status. */
export async function uninstall(machine: Machine, isPrinted: boolean): Promise<number> {
  const steps = uninstallSteps(machine);
  if (isPrinted) return print(steps);
  const why = whyNot(machine, "uninstall");
  if (why !== undefined) return refuse(why);
  if (!isInstalled(machine)) return refuse(`There is no service to uninstall: ${UNIT_FILE} does not exist`);
  if (!(await takeAll(steps))) return FAILED;
  say("The program, /etc/mellamo and the aliases in /var/lib/mellamo stay.");
  return OK;
}

function whyNot(machine: Machine, deed: "install" | "uninstall"): string | undefined {
  if (!runsSystemd(machine)) return `Cannot ${deed} a service: systemd does not run on this machine`;
  if (machine.isRoot) return undefined;
  return `Cannot ${deed} a service without root. Type: sudo ${commandLine()} service ${deed}`;
}

function whyNoInstall(machine: Machine): string | undefined {
  if (machine.program === undefined)
    return "Cannot install a service from source. Type: bun run build && sudo dist/mellamo service install";
  const unit = packagedUnit(machine);
  return unit && `A package has brought ${unit} already. Type: sudo systemctl enable --now mellamo`;
}

/** As comments: all that is printed is a unit. */
function print(steps: readonly Step[]): number {
  say(["# Steps:", ...steps.map(({ text }) => `#   ${text}`)].join("\n"));
  return OK;
}

/** Whether it went well; else the user was told what did not. */
async function takeAll(steps: readonly Step[]): Promise<boolean> {
  for (const { text, take } of steps) {
    say(text);
    try {
      await take();
    } catch (failure) {
      complain(`Cannot finish: ${text}: ${whyOf(failure)}`);
      return false;
    }
  }
  return true;
}

function whyOf(failure: unknown): string {
  return failure instanceof SystemctlFailure ? failure.message : fileTrouble(failure);
}
