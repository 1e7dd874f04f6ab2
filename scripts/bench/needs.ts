/** Finds the programs that the benchmark does not bring along. */

/** The programs by the names of Debian's packages, which are theirs, too. */
const PROGRAMS = ["nginx", "wrk"] as const;

export type Programs = Readonly<Record<(typeof PROGRAMS)[number], string>>;

/** Debian keeps servers where ordinary users do not look. */
const SERVERS = "/usr/sbin:/usr/local/sbin";

/** Their paths; or, where one is missing, what to do about it. */
export function findPrograms(path: string): Programs | string {
  const found = PROGRAMS.map((name) => [name, Bun.which(name, { PATH: `${path}:${SERVERS}` })] as const);
  const missing = found.filter(([, place]) => place === null).map(([name]) => name);
  if (missing.length > 0) {
    return `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing: sudo apt-get install ${missing.join(" ")}`;
  }
  return Object.fromEntries(found) as Programs;
}
