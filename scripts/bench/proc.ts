/** What processes have used, as Linux tells it. */

import { readdir, readFile, writeFile } from "node:fs/promises";

/** Linux counts processor time in hundredths of a second, whatever its clock (`man 5 proc`, USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Processor time of these processes so far, of the system's on their behalf, too. */
export async function processorMs(pids: readonly number[]): Promise<number> {
  const spent = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      // the name of a program may hold spaces; what follows it does not
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
    }),
  );
  return sum(spent);
}

/** Resident memory of these processes, now or at its highest since `forgetPeak`. */
export async function memoryMib(pids: readonly number[], which: "now" | "peak"): Promise<number> {
  const key = which === "now" ? "VmRSS" : "VmHWM";
  const kib = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
    }),
  );
  return sum(kib) / 1024;
}

/** From now on the highest is what they have at this moment, or more. */
export async function forgetPeak(pids: readonly number[]): Promise<void> {
  await Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, "5")));
}

/** A process and all that it has started. */
export async function familyOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8")),
  );
  const children = lists.flatMap((list) =>
    list
      .split(" ")
      .filter((one) => one !== "")
      .map(Number),
  );
  return [pid, ...(await Promise.all(children.map(familyOf))).flat()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
