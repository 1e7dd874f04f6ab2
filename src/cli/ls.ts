/** `mellamo ls`: the names that can be asked for, and where they lead. */

import type * as v from "valibot";

import { askServer } from "./ask-server.ts";
import { answer, type Command, CONFIG_OPTION, FAILED, JSON_OPTION, OK, SERVER_OPTION } from "./command.ts";
import { Status, targetText } from "./status-schema.ts";
import { table } from "./table.ts";

export const ls: Command = {
  name: "ls",
  operands: [],
  help: "list the names that can be asked for, and where they lead",
  options: [CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    const status = await askServer(args, "/mellamo/status", Status);
    if (status === undefined) return FAILED;
    answer(args, namesOf(status), () => tableOf(status));
    return OK;
  },
};

interface Name {
  readonly name: string;
  readonly stands_for: readonly string[];
  readonly strategy?: "order";
  readonly backends: readonly string[];
  /** Why it leads nowhere. */
  readonly broken?: string;
}

/** Aliases first, but those whose names are models', then every model with the backends that have it. */
function namesOf({ aliases, backends }: v.InferOutput<typeof Status>): Name[] {
  const shown = new Map(backends.map(({ name, up }) => [name, up ? name : `${name} (down)`]));
  const models = new Map<string, string[]>();
  for (const { name, models: has } of backends) {
    for (const { id } of has.filter(({ open }) => open))
      models.set(id, [...(models.get(id) ?? []), shown.get(name) ?? name]);
  }
  return [
    ...aliases
      .filter(({ shadowed_by: shadow }) => shadow === undefined)
      .map(({ name, targets, strategy, backends: on, broken }) => ({
        name,
        stands_for: targets.map(targetText),
        ...(strategy === "order" ? { strategy } : {}),
        backends: on.map((backend) => shown.get(backend) ?? backend),
        ...(broken === undefined ? {} : { broken }),
      })),
    ...[...models].map(([name, on]) => ({ name, stands_for: [], backends: on })),
  ];
}

function tableOf(status: v.InferOutput<typeof Status>): string {
  const rows = namesOf(status).map(({ name, stands_for: targets, strategy, backends, broken }) => [
    name,
    targets.join(strategy === "order" ? ", then " : ", "),
    broken ?? backends.join(", "),
  ]);
  if (rows.length > 0) return table([["NAME", "STANDS FOR", "BACKENDS"], ...rows]);
  const isAnyHidden = status.backends.some(({ models }) => models.length > 0);
  return isAnyHidden
    ? "No names: [listing] only leaves out all that the backends have"
    : "No names yet: no backend has shown any models";
}
