/** What makes the program a service of a machine, and what ends that: steps, which are told before they are taken. */

import { existsSync } from "node:fs";
import { chmod, copyFile, lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import reference from "../../config.toml" with { type: "text" };
import { readText } from "../files/read-file.ts";
import { replaceText } from "../files/replace-file.ts";
import { type Machine, systemctl } from "./machine.ts";
import { CONFIG_FILE, ENVIRONMENT_FILE, UNIT, unitText } from "./unit.ts";

export interface Step {
  readonly text: string;
  /** Rejects where it cannot be done. */
  readonly take: () => Promise<unknown>;
}

/** The administrator's folder: what is here goes before what packages bring. */
export const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
const PACKAGED_UNIT_FILE = `/usr/lib/systemd/system/${UNIT}`;

const USUAL_PROGRAM = "/usr/local/bin/mellamo";

/** Where a service can run a program that is elsewhere for others: it sees no home folder, and units have no blanks. */
const RUNNABLE = /^\/(usr|opt)\/[\w./+-]+$/;

interface FirstFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** What the user should know of a file that is there, by its mode. */
  readonly adviceOn: (mode: number) => string | undefined;
}

const CONFIG: FirstFile = {
  path: CONFIG_FILE,
  text: reference,
  mode: 0o644,
  adviceOn: (mode) =>
    (mode & 0o004) === 0
      ? `the service cannot read it: put its secrets into ${ENVIRONMENT_FILE}, then chmod 644 ${CONFIG_FILE}`
      : undefined,
};

const ENVIRONMENT: FirstFile = {
  path: ENVIRONMENT_FILE,
  text: `# Variables of the mellamo service, a line each; ${CONFIG_FILE} takes them by their names: key = "\${GPU_KEY}"
# Only root can read this file. What is changed here is in force after: systemctl restart mellamo
#GPU_KEY=…
`,
  mode: 0o600,
  adviceOn: (mode) =>
    (mode & 0o044) === 0 ? undefined : `others can read it: chmod 600 ${ENVIRONMENT_FILE}`,
};

/** The path at which the service runs the program: where it is or, if that is no place for it, where it is copied to. */
export function servedProgram(program: string | undefined): string {
  return program !== undefined && RUNNABLE.test(program) ? program : USUAL_PROGRAM;
}

/** Where a package has brought a unit of its own. */
export function packagedUnit({ root }: Machine): string | undefined {
  return existsSync(join(root, PACKAGED_UNIT_FILE)) ? PACKAGED_UNIT_FILE : undefined;
}

export function isInstalled({ root }: Machine): boolean {
  return existsSync(join(root, UNIT_FILE));
}

/** Also what installs a newer program. Files of the user's stay as they are. */
export async function installSteps(machine: Machine): Promise<readonly Step[]> {
  const program = servedProgram(machine.program);
  return [
    ...copySteps(machine, program),
    ...(await unitSteps(machine, unitText({ program }))),
    await firstStep(machine, CONFIG),
    await firstStep(machine, ENVIRONMENT),
    systemctlStep(machine, "daemon-reload"),
    systemctlStep(machine, "enable", UNIT),
    systemctlStep(machine, "restart", UNIT),
  ];
}

export function uninstallSteps(machine: Machine): readonly Step[] {
  return [
    systemctlStep(machine, "disable", "--now", UNIT),
    { text: `remove ${UNIT_FILE}`, take: () => rm(join(machine.root, UNIT_FILE)) },
    systemctlStep(machine, "daemon-reload"),
  ];
}

function systemctlStep(machine: Machine, ...args: readonly string[]): Step {
  return { text: `systemctl ${args.join(" ")}`, take: () => systemctl(machine, args) };
}

/** By a rename: a program that runs cannot be written to. */
function copySteps({ root, program }: Machine, to: string): Step[] {
  if (program === undefined || program === to) return [];
  const take = async (): Promise<void> => {
    const place = join(root, to);
    await mkdir(dirname(place), { recursive: true });
    try {
      await copyFile(program, `${place}.new`);
      await chmod(`${place}.new`, 0o755);
      await rename(`${place}.new`, place);
    } catch (failure) {
      await rm(`${place}.new`, { force: true });
      throw failure;
    }
  };
  return [{ text: `copy ${program} to ${to}`, take }];
}

/** One that somebody has changed is kept, too. */
async function unitSteps({ root }: Machine, text: string): Promise<Step[]> {
  const place = join(root, UNIT_FILE);
  const before = existsSync(place) ? await readText(place).catch(() => "") : undefined;
  if (before === text) return [];
  if (before === undefined)
    return [{ text: `write ${UNIT_FILE}`, take: () => writeFirst(place, text, 0o644) }];
  const aside = freeName(`${place}.old`);
  const told = `replace ${UNIT_FILE} (the one that is there becomes ${basename(aside)})`;
  return [{ text: told, take: () => replaceText(place, text, { aside }) }];
}

/** What is set aside takes the place of nothing that was before. */
function freeName(wanted: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}.${count}`;
    if (!existsSync(name)) return name;
  }
}

/** Writes a file that is the user's from then on, where there is none; a link that leads nowhere now is one. */
async function firstStep({ root }: Machine, { path, text, mode, adviceOn }: FirstFile): Promise<Step> {
  const place = join(root, path);
  const found = await stat(place)
    .catch(() => lstat(place))
    .catch(() => undefined);
  if (found === undefined) return { text: `write ${path}`, take: () => writeFirst(place, text, mode) };
  const advice = adviceOn(found.mode);
  return {
    text: `leave ${path} as it is${advice === undefined ? "" : ` (${advice})`}`,
    take: () => Promise.resolve(),
  };
}

async function writeFirst(place: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await replaceText(place, text);
  await chmod(place, mode);
}
