/** Finds or makes the backends of another configuration, so that nothing is forgotten of the engines that stay. */

import type { BackendSettings } from "../config/config.ts";
import type { Duty } from "../traffic/duty.ts";
import { Backend } from "./backend.ts";
import { offered } from "./scan.ts";

/** The backends of a configuration: those that stay as they are, and new ones that take over what is known of their engines. */
export function backendsOf(
  all: readonly BackendSettings[],
  before: readonly Backend[],
  parting: readonly Backend[],
): Backend[] {
  return all.map((settings) => {
    const same = before.find((backend) => Bun.deepEquals(backend.settings, settings));
    if (same !== undefined) return same;
    const backend = new Backend(settings, dutyOf(settings, all, [...before, ...parting]));
    takeOver(backend, counterpart(settings, before));
    return backend;
  });
}

/** What its engine is doing, on behalf of a backend of its name, or of one whose name nobody bears any more. */
function dutyOf(
  { name, origin }: BackendSettings,
  all: readonly BackendSettings[],
  known: readonly Backend[],
): Duty | undefined {
  const there = known.filter(({ settings }) => settings.origin === origin);
  const own = there.find((backend) => backend.name === name);
  return (own ?? there.find((backend) => !all.some((other) => other.name === backend.name)))?.duty;
}

/** The one of the backends that stands for the same engine; of several, the one of the same name. */
export function counterpart(
  { origin, name }: Pick<BackendSettings, "origin" | "name">,
  backends: readonly Backend[],
): Backend | undefined {
  const there = backends.filter(({ settings }) => settings.origin === origin);
  return there.find((backend) => backend.name === name) ?? there[0];
}

/** What was last seen holds until the new one is looked at: a change of its priority takes no engine out of service. */
function takeOver(backend: Backend, before: Backend | undefined): void {
  const { settings } = backend;
  const isSameEngine = settings.engine === undefined || settings.engine === before?.engine?.name;
  if (before === undefined || !isSameEngine) return;
  backend.engine = before.engine;
  // what its owner called it need not be what it is
  if (before.settings.engine === settings.engine) backend.unsure = before.unsure;
  backend.router = before.router;
  backend.server = before.server;
  backend.returns = before.returns;
  backend.reached = before.reached;
  backend.stock = { ...before.stock, models: offered(backend, before.stock.models) };
}
