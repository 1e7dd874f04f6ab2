/** Systemd is had to run the router, step by step, and nothing of the user's is lost. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readConfig } from "../../src/config/read.ts";
import { unitText } from "../../src/systemd/unit.ts";
import { command } from "../support/mellamo.ts";
import { serviceMachine } from "../support/service-machine.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const UNIT = "/etc/systemd/system/mellamo.service";
const CONFIG = "/etc/mellamo/config.toml";
const ENVIRONMENT = "/etc/mellamo/environment";
const PROGRAM = "/usr/local/bin/mellamo";

const SYSTEMCTL = ["daemon-reload", "enable mellamo.service", "restart mellamo.service"];
const SYSTEMCTL_STEPS = SYSTEMCTL.map((one) => `systemctl ${one}`);

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test("installing copies the program where services find it, writes three files, and starts it", async () => {
  await using machine = await serviceMachine();
  const { status, out, err } = await machine.run("install");
  expect([status, err]).toEqual([0, ""]);
  expect(out.split("\n")).toEqual([
    `copy /home/me/mellamo to ${PROGRAM}`,
    `write ${UNIT}`,
    `write ${CONFIG}`,
    `write ${ENVIRONMENT}`,
    ...SYSTEMCTL_STEPS,
    `The service runs. Its configuration: ${CONFIG}. Its log: journalctl -u mellamo`,
    "",
  ]);
  expect(await machine.told()).toEqual(SYSTEMCTL);
  expect(await machine.text(PROGRAM)).toBe("the program");
  expect(await machine.text(UNIT)).toBe(unitText({ program: PROGRAM }));
  const modes = await Promise.all(
    [PROGRAM, UNIT, CONFIG, ENVIRONMENT].map((path) => modeOf(machine.at(path))),
  );
  expect(modes).toEqual(["755", "644", "644", "600"]);
  expect(
    await Promise.all(["/etc/mellamo", "/usr/local/bin"].map((path) => modeOf(machine.at(path)))),
  ).toEqual(["755", "755"]);
});

test("the configuration it writes explains every key, and that of secrets has none yet", async () => {
  await using machine = await serviceMachine();
  await machine.run("install");
  const reference = await readFile(join(import.meta.dir, "..", "..", "config.toml"), "utf8");
  expect(await machine.text(CONFIG)).toBe(reference);
  expect(readConfig(reference, CONFIG, {})).toMatchObject({ kind: "config" });
  for (const line of (await machine.text(ENVIRONMENT)).trimEnd().split("\n")) expect(line).toStartWith("#");
});

test.each([
  [0o644, 0o600, "", ""],
  [0o664, 0o400, "", ""],
  [
    0o640,
    0o640,
    ` (the service cannot read it: put its secrets into ${ENVIRONMENT}, then chmod 644 ${CONFIG})`,
    ` (others can read it: chmod 600 ${ENVIRONMENT})`,
  ],
])(
  "what the user has written stays, and is told of modes %o and %o",
  async (mode, secret, advice, warning) => {
    await using machine = await serviceMachine({ [CONFIG]: "# mine\n", [ENVIRONMENT]: "KEY=mine\n" });
    await chmod(machine.at(CONFIG), mode);
    await chmod(machine.at(ENVIRONMENT), secret);
    const { out, status } = await machine.run("install");
    expect(status).toBe(0);
    expect(out).toContain(`\nleave ${CONFIG} as it is${advice}\n`);
    expect(out).toContain(`\nleave ${ENVIRONMENT} as it is${warning}\n`);
    expect(await machine.text(CONFIG)).toBe("# mine\n");
    expect(await machine.text(ENVIRONMENT)).toBe("KEY=mine\n");
    expect(await modeOf(machine.at(CONFIG))).toBe(mode.toString(8));
    expect(await modeOf(machine.at(ENVIRONMENT))).toBe(secret.toString(8));
  },
);

test("installing again brings the new program, and writes nothing else", async () => {
  await using machine = await serviceMachine();
  await machine.run("install");
  await machine.told();
  await writeFile(machine.at("/home/me/mellamo"), "a newer program");
  const { out, status } = await machine.run("install");
  expect(status).toBe(0);
  expect(out.split("\n").slice(0, -2)).toEqual([
    `copy /home/me/mellamo to ${PROGRAM}`,
    `leave ${CONFIG} as it is`,
    `leave ${ENVIRONMENT} as it is`,
    ...SYSTEMCTL_STEPS,
  ]);
  expect(await machine.text(PROGRAM)).toBe("a newer program");
  expect(await machine.told()).toEqual(SYSTEMCTL);
});

test("a unit that says something else is replaced, and kept beside it", async () => {
  await using machine = await serviceMachine({ [UNIT]: "[Service]\nExecStart=/mine\n" });
  const told = `replace ${UNIT} (the one that is there becomes mellamo.service.old)`;
  expect((await machine.run("install")).out).toContain(`\n${told}\n`);
  expect(await machine.text(UNIT)).toBe(unitText({ program: PROGRAM }));
  expect(await machine.text(`${UNIT}.old`)).toBe("[Service]\nExecStart=/mine\n");
});

test.each(["/usr/local/bin/mellamo", "/usr/bin/mellamo", "/opt/mellamo-0.1.0/mellamo"])(
  "a program at %s runs where it is",
  async (program) => {
    await using machine = await serviceMachine();
    const { out } = await machine.run("install", { program });
    expect(out).not.toContain("copy");
    expect(await machine.text(UNIT)).toBe(unitText({ program }));
  },
);

test.each([
  "/root/mellamo",
  "/tmp/mellamo",
  "/opt/my programs/mellamo",
  "/usr/100%/mellamo",
  "/optional/mellamo",
])("a program at %s is copied", async (program) => {
  await using machine = await serviceMachine();
  const { out } = await machine.run("install", { program, isPrinted: true });
  expect(out).toContain(`#   copy ${program} to ${PROGRAM}\n`);
  expect(out).toContain(`\nExecStart=${PROGRAM} serve `);
});

test("a link to the program in a home folder gives way to the program", async () => {
  await using machine = await serviceMachine({ "/usr/local/bin/.there": "" });
  await symlink(machine.at("/home/me/mellamo"), machine.at(PROGRAM));
  expect((await machine.run("install")).status).toBe(0);
  await writeFile(machine.at("/home/me/mellamo"), "another");
  expect(await machine.text(PROGRAM)).toBe("the program");
});

test("--print says all of it, and does nothing", async () => {
  await using machine = await serviceMachine();
  const { status, out, err } = await machine.run("install", { isPrinted: true, isRoot: false });
  expect([status, err]).toEqual([0, ""]);
  expect(out).toStartWith(`# ${UNIT}\n${unitText({ program: PROGRAM })}`);
  const [, steps = ""] = out.split("# Steps:\n");
  expect(steps.trimEnd().split("\n")).toEqual(
    [`copy /home/me/mellamo to ${PROGRAM}`, `write ${UNIT}`, `write ${CONFIG}`, `write ${ENVIRONMENT}`]
      .concat(SYSTEMCTL_STEPS)
      .map((step) => `#   ${step}`),
  );
  expect(await machine.told()).toEqual([]);
  expect([UNIT, CONFIG, ENVIRONMENT, PROGRAM].filter((path) => existsSync(machine.at(path)))).toEqual([]);
});

test("what systemctl refuses ends it, in its words", async () => {
  await using machine = await serviceMachine();
  await machine.answer(1, "", "Failed to reload: it is tired\n");
  const { status, out, err } = await machine.run("install");
  expect(out).toEndWith("\nsystemctl daemon-reload\n");
  expect([status, err]).toEqual([
    1,
    "Cannot finish: systemctl daemon-reload: Failed to reload: it is tired\n",
  ]);
  expect(await machine.told()).toEqual(["daemon-reload"]);
});

test("without systemctl it ends in one line", async () => {
  await using machine = await serviceMachine();
  const { status, err } = await machine.run("install", { path: "/nonexistent" });
  expect([status, err]).toEqual([1, "Cannot finish: systemctl daemon-reload: there is no such command\n"]);
});

test("a file that cannot be written ends it in one line", async () => {
  await using machine = await serviceMachine({ "/etc/mellamo": "no folder" });
  const { status, err } = await machine.run("install");
  expect([status, err]).toEqual([1, `Cannot finish: write ${CONFIG}: a part of its path is no folder\n`]);
});

test("where a package has brought a unit, that is the one to be started", async () => {
  await using machine = await serviceMachine({ "/usr/lib/systemd/system/mellamo.service": "" });
  expect(await machine.run("install", { program: "/usr/bin/mellamo" })).toEqual({
    status: 1,
    out: "",
    err: "A package has brought /usr/lib/systemd/system/mellamo.service already. Type: sudo systemctl enable --now mellamo\n",
  });
  expect(await machine.told()).toEqual([]);
});

test("from source there is nothing to install", async () => {
  await using machine = await serviceMachine();
  const { status, out, err } = await machine.run("install", { program: undefined });
  expect([status, out]).toEqual([1, ""]);
  expect(err).toBe(
    "Cannot install a service from source. Type: bun run build && sudo dist/mellamo service install\n",
  );
});

test("uninstalling ends the service, and leaves the rest", async () => {
  await using machine = await serviceMachine();
  await machine.run("install");
  await machine.told();
  const { status, out, err } = await machine.run("uninstall");
  expect([status, err]).toEqual([0, ""]);
  expect(out.split("\n")).toEqual([
    "systemctl disable --now mellamo.service",
    `remove ${UNIT}`,
    "systemctl daemon-reload",
    "The program, /etc/mellamo and the aliases in /var/lib/mellamo stay.",
    "",
  ]);
  expect(await machine.told()).toEqual(["disable --now mellamo.service", "daemon-reload"]);
  expect([UNIT, CONFIG, ENVIRONMENT, PROGRAM].filter((path) => !existsSync(machine.at(path)))).toEqual([
    UNIT,
  ]);
  expect(await machine.run("uninstall")).toEqual({
    status: 1,
    out: "",
    err: `There is no service to uninstall: ${UNIT} does not exist\n`,
  });
});

test("uninstall --print does nothing", async () => {
  await using machine = await serviceMachine({ [UNIT]: "" });
  const { status, out } = await machine.run("uninstall", { isPrinted: true, isRoot: false });
  expect([status, out.split("\n").length]).toEqual([0, 5]);
  expect(await machine.told()).toEqual([]);
  expect(existsSync(machine.at(UNIT))).toBe(true);
});

test.each(["install", "uninstall"] as const)("who may not %s is told what to type", async (deed) => {
  await using machine = await serviceMachine({ [UNIT]: "" });
  const { status, out, err } = await machine.run(deed, { isRoot: false });
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(
    new RegExp(`^Cannot ${deed} a service without root\\. Type: sudo /\\S.* service ${deed}\\n$`),
  );
  expect(await machine.told()).toEqual([]);
});

test.skipIf(existsSync("/run/systemd/system")).each(["install", "uninstall", "status"])(
  "where systemd does not run, %s says so in one line",
  async (deed) => {
    const { status, out, err } = await command(["service", deed]);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toMatch(/^Cannot [a-z ]+ a service: systemd does not run on this machine\n$/);
  },
);

test("the command prints without systemd, too", async () => {
  const { status, out, err } = await command(["service", "install", "--print"]);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain("\n[Service]\nType=notify\n");
  expect(out).toContain("\n#   systemctl restart mellamo.service\n");
});
