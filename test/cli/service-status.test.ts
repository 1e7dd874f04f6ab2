/** What systemd knows of the service, as people and as programs read it. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { serviceMachine } from "../support/service-machine.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const RUNS = `LoadState=loaded
FragmentPath=/etc/systemd/system/mellamo.service
UnitFileState=enabled
ActiveState=active
SubState=running
ActiveEnterTimestamp=Sun 2026-11-22 04:06:41 UTC
StatusText=listens on http://127.0.0.1:11435/?a=b
MainPID=332
NRestarts=1
`;

const FAILED = `LoadState=loaded
FragmentPath=/etc/systemd/system/mellamo.service
UnitFileState=disabled
ActiveState=failed
SubState=failed
ActiveEnterTimestamp=
StatusText=
MainPID=0
NRestarts=0
`;

test("one that runs is shown with what it says, and ends with 0", async () => {
  await using machine = await serviceMachine();
  await machine.answer(0, RUNS);
  const { status, out, err } = await machine.run("status", { isRoot: false });
  expect([status, err]).toEqual([0, ""]);
  expect(out.split("\n")).toEqual([
    "service     active (running) since Sun 2026-11-22 04:06:41 UTC",
    "  says      listens on http://127.0.0.1:11435/?a=b",
    "  process   332",
    "  restarts  1 (after failures)",
    "unit        /etc/systemd/system/mellamo.service (enabled)",
    "log         journalctl -u mellamo",
    "",
  ]);
  expect(await machine.told()).toEqual([
    expect.stringMatching(/^show mellamo\.service --property=LoadState,/),
  ]);
});

test("one that does not run ends with 1", async () => {
  await using machine = await serviceMachine();
  await machine.answer(0, FAILED);
  const { status, out } = await machine.run("status");
  expect(status).toBe(1);
  expect(out.split("\n")).toEqual([
    "service     failed (failed)",
    "  restarts  0 (after failures)",
    "unit        /etc/systemd/system/mellamo.service (not enabled: it does not start with the machine)",
    "log         journalctl -u mellamo",
    "",
  ]);
});

test("programs get JSON", async () => {
  await using machine = await serviceMachine();
  await machine.answer(0, RUNS);
  expect(JSON.parse((await machine.run("status", { isJson: true })).out)).toEqual({
    installed: true,
    unit: "/etc/systemd/system/mellamo.service",
    enabled: true,
    state: "active",
    substate: "running",
    since: "Sun 2026-11-22 04:06:41 UTC",
    says: "listens on http://127.0.0.1:11435/?a=b",
    pid: 332,
    restarts: 1,
  });
  await machine.answer(0, FAILED);
  const { status, out } = await machine.run("status", { isJson: true });
  expect([status, JSON.parse(out)]).toEqual([
    1,
    expect.objectContaining({ enabled: false, state: "failed", since: null, says: null, pid: null }),
  ]);
});

test("where there is none, the user is told how to get one", async () => {
  await using machine = await serviceMachine();
  await machine.answer(0, "LoadState=not-found\nActiveState=inactive\n");
  const { status, out, err } = await machine.run("status");
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^There is no mellamo\.service\. Install it with: sudo \/\S.* service install\n$/);
});

test("what systemctl refuses is told in its words", async () => {
  await using machine = await serviceMachine();
  await machine.answer(1, "", "Failed to connect to bus: no such file\n");
  expect(await machine.run("status")).toEqual({
    status: 1,
    out: "",
    err: "Cannot ask for a service: systemctl show: Failed to connect to bus: no such file\n",
  });
});
