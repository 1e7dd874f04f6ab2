/** The backends that a command is to act on, as its user has named them. */

import { hint } from "../domain/nearest.ts";
import { askServer } from "./ask-server.ts";
import { type Arguments, BACKENDS_OPTION, complain, textsOption } from "./command.ts";
import { Status } from "./status-schema.ts";

/** Undefined after the user was told that there is no such backend: before anything is done on the others. */
export async function namedBackends(args: Arguments): Promise<readonly string[] | undefined> {
  const named = [...new Set(textsOption(args, BACKENDS_OPTION))];
  if (named.length === 0) return named;
  const status = await askServer(args, "/mellamo/status", Status);
  if (status === undefined) return undefined;
  const known = status.backends.map(({ name }) => name);
  const strange = named.filter((name) => !known.includes(name));
  for (const name of strange) complain(`no backend is called "${name}"${hint(name, known)}`);
  return strange.length === 0 ? named : undefined;
}
