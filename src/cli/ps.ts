/** `mellamo ps`: the backends, and the models that are in memory. */

import type * as v from "valibot";

import { askServer } from "./ask-server.ts";
import { answer, type Command, CONFIG_OPTION, FAILED, JSON_OPTION, OK, SERVER_OPTION } from "./command.ts";
import { conditionOf, Status } from "./status-schema.ts";
import { table } from "./table.ts";

export const ps: Command = {
  name: "ps",
  operands: [],
  help: "list the backends, and the models they have in memory",
  options: [CONFIG_OPTION, SERVER_OPTION, JSON_OPTION],
  async run(args) {
    const status = await askServer(args, "/mellamo/status", Status);
    if (status === undefined) return FAILED;
    answer(args, status.backends, () => tableOf(status));
    return OK;
  },
};

function tableOf({ backends }: v.InferOutput<typeof Status>): string {
  if (backends.length === 0) return "No backends: nothing answers on the usual ports of this machine";
  const rows = backends.map((backend) => [
    backend.name,
    backend.engine ?? "?",
    backend.url,
    conditionOf(backend),
    backend.max_inflight === null
      ? String(backend.inflight)
      : `${backend.inflight} of ${backend.max_inflight}`,
    memoryText(backend),
  ]);
  return table([["BACKEND", "ENGINE", "URL", "STATE", "IN FLIGHT", "LOADED"], ...rows]);
}

/** What is in memory, and what is to be and is not: `llama3:8b, qwen3:4b (loading)`. */
function memoryText({ up, models, preload }: v.InferOutput<typeof Status>["backends"][number]): string {
  const loaded = models.filter((model) => up && model.loaded).map(({ id }) => id);
  const others = preload
    .filter(({ model }) => model === null || !loaded.includes(model))
    .map(({ name, state, why }) => `${name} (${why === "" ? state : `${state}: ${why}`})`);
  return [...loaded, ...others].join(", ");
}
