/** `mellamo service status`: whether systemd runs the router, and since when. */

import { type Machine, runsSystemd, systemctl, SystemctlFailure } from "../systemd/machine.ts";
import { UNIT } from "../systemd/unit.ts";
import { answer, type Arguments, type Command, FAILED, JSON_OPTION, OK, refuse } from "./command.ts";
import { table } from "./table.ts";
import { commandLine, thisMachine } from "./this-machine.ts";

export const serviceStatus: Command = {
  name: "service status",
  operands: [],
  help: "show whether systemd runs the router; it ends with 0 where it does, else with 1",
  options: [JSON_OPTION],
  run: (args) => showService(thisMachine(), args),
};

/** As `systemctl show` calls them. */
const PROPERTIES = [
  "LoadState",
  "FragmentPath",
  "UnitFileState",
  "ActiveState",
  "SubState",
  "ActiveEnterTimestamp",
  "StatusText",
  "MainPID",
  "NRestarts",
];

/** The exit status. */
export async function showService(machine: Machine, args: Arguments): Promise<number> {
  if (!runsSystemd(machine)) return refuse("Cannot ask for a service: systemd does not run on this machine");
  let shown: string;
  try {
    shown = await systemctl(machine, ["show", UNIT, `--property=${PROPERTIES.join(",")}`]);
  } catch (failure) {
    if (!(failure instanceof SystemctlFailure)) throw failure;
    return refuse(`Cannot ask for a service: systemctl show: ${failure.message}`);
  }
  const known = readShown(shown);
  if (!known.installed)
    return refuse(`There is no ${UNIT}. Install it with: sudo ${commandLine()} service install`);
  answer(args, known, () => textOf(known));
  return known.state === "active" ? OK : FAILED;
}

type Known = ReturnType<typeof readShown>;

/** Lines of `NAME=VALUE`, where nothing stands for none. */
function readShown(text: string) {
  const values = new Map(text.split("\n").map((line) => [line.split("=", 1)[0], line.replace(/^.*?=/, "")]));
  const said = (name: string): string | null => values.get(name) || null;
  return {
    installed: said("LoadState") !== "not-found",
    unit: said("FragmentPath"),
    enabled: said("UnitFileState") === "enabled",
    state: said("ActiveState"),
    substate: said("SubState"),
    since: said("ActiveEnterTimestamp"),
    says: said("StatusText"),
    pid: Number(said("MainPID")) || null,
    restarts: Number(said("NRestarts")),
  };
}

function textOf({ unit, enabled, state, substate, since, says, pid, restarts }: Known): string {
  const isActive = state === "active";
  return table([
    ["service", `${state} (${substate})${isActive ? ` since ${since}` : ""}`],
    ...(says === null ? [] : [["  says", says]]),
    ...(pid === null ? [] : [["  process", String(pid)]]),
    ["  restarts", `${restarts} (after failures)`],
    ["unit", `${unit} (${enabled ? "enabled" : "not enabled: it does not start with the machine"})`],
    ["log", "journalctl -u mellamo"],
  ]);
}
