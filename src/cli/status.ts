/** `mellamo status`: what the running router runs with. */

import type * as v from "valibot";

import { askServer } from "./ask-server.ts";
import { answer, type Command, CONFIG_OPTION, FAILED, JSON_OPTION, OK, SERVER_OPTION } from "./command.ts";
import { conditionOf, Status } from "./status-schema.ts";
import { table } from "./table.ts";

export const status: Command = {
  name: "status",
  operands: [],
  help: "show what the router runs with: its configuration, aliases and backends",
  options: [CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    const known = await askServer(args, "/mellamo/status", Status);
    if (known === undefined) return FAILED;
    answer(args, known, () => textOf(known));
    return OK;
  },
};

function textOf(known: v.InferOutput<typeof Status>): string {
  const { config_troubles: troubles, needs_restart: waiting, store, aliases, backends } = known;
  const configured = aliases.filter(({ source }) => source === "config").length;
  const futile = store.aliases - aliases.filter(hasEffect).length;
  const idle = backends
    .map((backend) => [backend.name, conditionOf(backend)] as const)
    .filter(([, condition]) => condition !== "up");
  const prevented = sum(backends.map(({ reloads_prevented: count }) => count));
  const lost = backends.flatMap(({ name, preload }) =>
    preload
      .filter(({ state }) => state !== "loaded")
      .map((one) => [name, one.name, one.why || one.state] as const),
  );
  return table([
    ["version", known.version],
    ["started", known.started_at],
    ["listens on", known.listen],
    ["configuration", known.config ?? "none"],
    ["  loaded", known.config_loaded_at],
    ...troubles.map((trouble, index) => [index === 0 ? "  file now bad" : "", trouble]),
    ...(waiting.length === 0 ? [] : [["  needs a restart", waiting.join(", ")]]),
    ["alias store", store.path],
    ...(store.trouble === null ? [] : [["  trouble", store.trouble]]),
    ["aliases", `${configured + store.aliases} (stored: ${store.aliases})`],
    ...(futile === 0 ? [] : [["  without effect", `${futile}: see mellamo alias`]]),
    ["backends", String(backends.length)],
    ...idle.map(([name, condition]) => [`  ${name}`, condition]),
    ...(prevented === 0 ? [] : [["reloads prevented", String(prevented)]]),
    ...lost.map(([backend, name, why]) => [`  ${backend}`, `not in memory: ${name} (${why})`]),
    ["requests", `${sum(backends.map(({ inflight }) => inflight))} in flight, ${known.waiting} waiting`],
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function hasEffect({
  source,
  shadowed_by: shadow,
  broken,
}: v.InferOutput<typeof Status>["aliases"][number]): boolean {
  return source === "stored" && shadow === undefined && broken === undefined;
}
