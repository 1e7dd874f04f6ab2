/** Answers `POST /mellamo/reload`: what changed, or every mistake. */

import type { Responder } from "./exchange.ts";
import { plainJson } from "./json.ts";

export const reload: Responder = async ({ snapshot }) => {
  const reloaded = await snapshot.reloads.reload();
  if (reloaded.kind === "refused") {
    const { error, mistakes } = reloaded;
    return plainJson({ error, mistakes }, 400);
  }
  const { file, changes, waiting } = reloaded;
  return plainJson({ config: file ?? null, changed: changes, needs_restart: waiting });
};
