/** Answers the calls by which clients find out whom they talk to. */

import type { Backend } from "../fleet/backend.ts";
import type { Responder } from "./exchange.ts";
import { ollamaJson } from "./json.ts";

/** What is claimed where no Ollama tells its version: the one whose API was measured. Clients want numbers, x.y.z. */
const NO_OLLAMA_VERSION = "0.33.0";

/** `GET /`: many apps compare this text. */
export const root: Responder = () =>
  new Response("Ollama is running", { headers: { "content-type": "text/plain; charset=utf-8" } });

/** `GET /api/version`: what every Ollama of the fleet can do, so the lowest of their versions. */
export const version: Responder = ({ snapshot }) =>
  ollamaJson({ version: lowestVersion(snapshot.fleet.backends) });

function lowestVersion(backends: readonly Backend[]): string {
  const versions = backends
    .filter((backend) => backend.engine?.name === "ollama")
    .map((backend) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(backend.stock.version ?? ""))
    .filter((match) => match !== null)
    .map(([, ...numbers]) => numbers.map(Number));
  const [lowest] = versions.sort(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => a - x || b - y || c - z);
  return lowest?.join(".") ?? NO_OLLAMA_VERSION;
}
