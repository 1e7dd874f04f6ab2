/** The unit is one that systemd understands, and keeps from the router all that it does not need. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { parseDuration } from "../../src/domain/duration.ts";
import { unitText } from "../../src/systemd/unit.ts";
import { folderOf } from "../support/folder.ts";
import { configOf } from "../support/reading.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const TEXT = unitText({ program: "/usr/bin/mellamo" });

/** All values of a setting, in order. */
function values(setting: string, text = TEXT): string[] {
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith(`${setting}=`) ? line.slice(setting.length + 1) : []));
}

test("it runs the program with the configuration, and asks that before each reload", () => {
  expect(values("ExecStart")).toEqual(["/usr/bin/mellamo serve --config /etc/mellamo/config.toml"]);
  expect(values("ExecReload")).toEqual([
    "/usr/bin/mellamo check --config /etc/mellamo/config.toml",
    "/bin/kill -HUP $MAINPID",
  ]);
  const elsewhere = unitText({ program: "/opt/m/mellamo", config: "/srv/m.toml" });
  expect(values("ExecStart", elsewhere)).toEqual(["/opt/m/mellamo serve --config /srv/m.toml"]);
  expect(elsewhere).not.toContain("/usr/bin/mellamo");
  expect(elsewhere).not.toContain("/etc/mellamo/config.toml");
});

test.each([
  ["Type", "notify"],
  ["NotifyAccess", "main"],
  ["Restart", "on-failure"],
  ["EnvironmentFile", "-/etc/mellamo/environment"],
  ["StateDirectory", "mellamo"],
  ["DynamicUser", "yes"],
  ["ProtectSystem", "strict"],
  ["ProtectHome", "yes"],
  ["NoNewPrivileges", "yes"],
  ["CapabilityBoundingSet", ""],
  ["WantedBy", "multi-user.target"],
])("%s is %j", (setting, value) => {
  expect(values(setting)).toEqual([value]);
});

test("it waits for running requests as long as the router does by itself, and then some", () => {
  const [time = ""] = values("TimeoutStopSec");
  expect(parseDuration(time)).toBeGreaterThanOrEqual(configOf("").server.drainMs + 10_000);
});

test("the JIT may write what it executes", () => {
  expect(TEXT).not.toContain("MemoryDenyWriteExecute");
});

const SYSTEMD_ANALYZE = Bun.which("systemd-analyze");

/** Runs `systemd-analyze` on the unit of a program that is there. */
async function analyze(...args: string[]): Promise<{ status: number; told: string }> {
  await using folder = await folderOf({ "mellamo.service": unitText({ program: "/bin/sh" }) });
  const child = Bun.spawn([SYSTEMD_ANALYZE ?? "", ...args, folder.at("mellamo.service")], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { status, told: out + err };
}

test.skipIf(SYSTEMD_ANALYZE === null)("systemd finds nothing wrong with it", async () => {
  const { status, told } = await analyze("verify", "--man=no");
  // other units of the machine may be wrong
  expect(told.split("\n").filter((line) => line.includes("mellamo"))).toEqual([]);
  expect(status).toBe(0);
});

test.skipIf(SYSTEMD_ANALYZE === null)("systemd calls it well protected", async () => {
  const { status, told } = await analyze("security", "--no-pager", "--offline=true", "--threshold=15");
  // systemd before 250 looks at units that it runs alone
  if (/unrecognized option|Unknown option/.test(told)) return;
  expect(told).toMatch(/exposure level for mellamo\.service: [01]\.\d/);
  expect(status).toBe(0);
});
