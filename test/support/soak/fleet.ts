/** The fleet of a soak: three engines as programs, a router with short times in front of them, and what they serve. */

import { backendTable } from "../backend-table.ts";
import { type Mellamo, mellamo } from "../mellamo.ts";
import type { Random } from "../random.ts";
import { EngineProcess } from "./engine-process.ts";
import type { Setup } from "./mood.ts";
import type { Dialect } from "./speech.ts";
import { TIMES } from "./timeline.ts";

interface Member extends Omit<Setup, "port"> {
  readonly name: string;
  readonly maxInflight?: number;
}

export const MEMBERS: readonly Member[] = [
  { name: "attic", kind: "ollama", models: ["every:1b", "pair:1b", "attic:1b"], maxInflight: 12 },
  { name: "cellar", kind: "ollama", models: ["every:1b", "pair:1b", "duo:1b", "cellar:1b"] },
  { name: "shed", kind: "vllm", models: ["org/Every-1B", "org/Duo", "org/Shed"], maxInflight: 24 },
];

/** Some names are models, and some stand for what the engines call by other names. */
const ALIASES = `
[aliases]
everyone = ["every:1b", "org/Every-1B"]
"duo-*" = ["duo:1b", "org/Duo"]
hut = "org/Shed"
`;

/** What clients ask for, how often, and who has it. */
export const NAMES: readonly {
  readonly name: string;
  readonly parts: number;
  readonly at: readonly string[];
}[] = [
  { name: "everyone", parts: 12, at: ["attic", "cellar", "shed"] },
  { name: "pair:1b", parts: 2, at: ["attic", "cellar"] },
  { name: "duo-2", parts: 2, at: ["cellar", "shed"] },
  { name: "attic:1b", parts: 1, at: ["attic"] },
  { name: "cellar:1b", parts: 1, at: ["cellar"] },
  { name: "hut", parts: 1, at: ["shed"] },
];

/** The backends that can serve a name on the path of a dialect. */
export function ableFor(name: string, dialect: Dialect): string[] {
  const at = NAMES.find((one) => one.name === name)?.at ?? [];
  return MEMBERS.filter(
    (one) => at.includes(one.name) && (one.kind === "ollama" || dialect !== "ollama"),
  ).map((one) => one.name);
}

export interface Fleet extends AsyncDisposable {
  readonly engines: readonly EngineProcess[];
  readonly router: Mellamo;
}

export async function startFleet(random: Random): Promise<Fleet> {
  await using starting = new AsyncDisposableStack();
  const engines: EngineProcess[] = [];
  for (const { name, kind, models } of MEMBERS)
    engines.push(starting.use(await EngineProcess.start(name, { kind, models }, random)));
  const tables = engines.map(({ name, url }, index) => {
    const { maxInflight } = MEMBERS[index] ?? {};
    return backendTable(name, url, maxInflight === undefined ? "" : `max_inflight = ${maxInflight}`);
  });
  const router = starting.use(await mellamo(`${SETTINGS}${tables.join("")}${ALIASES}`));
  for (const { name } of MEMBERS) await router.log.until(new RegExp(`event="backend up" backend=${name} `));
  const started = starting.move();
  return { engines, router, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

const SETTINGS = `
[routing]
queue_timeout = "${TIMES.queueTimeoutMs}ms"
[timeouts]
connect = "${TIMES.connectMs}ms"
first_byte = "${TIMES.firstByteMs}ms"
idle = "${TIMES.idleMs}ms"
[health]
probe_interval = "${TIMES.probeIntervalMs}ms"
probe_timeout = "${TIMES.probeTimeoutMs}ms"
pause = "${TIMES.pauseMs}ms"
max_pause = "${TIMES.maxPauseMs}ms"
`;
