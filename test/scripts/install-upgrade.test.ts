/** An upgrade replaces a program that runs, and tells the service that runs it. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  expectRefusal,
  HERE,
  installed,
  type Installing,
  programText,
  released,
} from "../support/release.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

describe("an upgrade", () => {
  test.concurrent("replaces the program while it runs, and whoever runs it goes on", async () => {
    await using place = await released();
    await mkdir(place.bin, { recursive: true });
    const program = join(place.bin, "mellamo");
    // a script is read as it runs: only the file of a real program is busy
    await Bun.$`cp ${Bun.which("sleep") ?? "/bin/sleep"} ${program}`;
    const running = Bun.spawn([program, "60"]);
    try {
      const { status, out, err } = await place.install();
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toStartWith(`Upgraded ${program}: mellamo 1.2.3 (linux-x64), was sleep`);
      expect(out).toEndWith("One that runs goes on as it is until it is started anew.\n");
      expect(await installed(place)).toBe(programText("1.2.3", HERE));
      expect(running.exitCode).toBeNull();
    } finally {
      running.kill();
      expect(await running.exited).toBe(143);
    }
  });

  test.concurrent("that fails leaves the old one", async () => {
    await using place = await released();
    await place.install();
    await rm(join(place.release, "SHA256SUMS"));
    await writeFile(join(place.release, "SHA256SUMS"), "");
    await place.publish("2.0.0", HERE, "#!/bin/sh\nexit 1\n");
    await expectRefusal(place, "this mellamo does not run on this machine");
    expect(await installed(place)).toBe(programText("1.2.3", HERE));
  });

  test.concurrent(
    "tells the first line of what the old one says it is, and nothing that a terminal obeys",
    async () => {
      await using place = await released();
      await mkdir(place.bin, { recursive: true });
      await writeFile(join(place.bin, "mellamo"), "#!/bin/sh\nprintf 'old\\033[2J\\r\\nmore\\n'\n", {
        mode: 0o755,
      });
      expect((await place.install()).out).toContain("mellamo 1.2.3 (linux-x64), was old[2J\n");
    },
  );

  test.concurrent("goes to the version that is named, also back", async () => {
    await using place = await released();
    await place.publish("1.10.0", HERE);
    for (const version of ["1.10.0", "v1.2.3"]) {
      expect(await place.install("--version", version)).toMatchObject({ status: 0, err: "" });
      expect(await installed(place)).toBe(programText(version.replace("v", ""), HERE));
    }
  });
});

describe("a service that systemd runs", () => {
  /** Runs an upgrade beside it; `exec` is what it runs. Returns what systemctl was asked, and what the user was told. */
  async function upgrade(
    isActive: boolean,
    exec: (place: Installing) => string,
    { user = 0, restarts = true } = {},
  ): Promise<{ asked: string[]; out: string; err: string; status: number }> {
    await using place = await released();
    const calls = place.folder.at("calls");
    await place.fake("id", `echo ${user}`);
    await place.fake(
      "systemctl",
      `echo "$*" >>'${calls}'
      case $1 in
        is-active) exit ${isActive ? 0 : 3} ;;
        show) echo 'ExecStart={ path=${exec(place)} ; argv[]=${exec(place)} serve ; ignore_errors=no }' ;;
        try-restart) ${restarts ? "exit 0" : "echo 'Job for mellamo.service failed.' >&2; exit 1"} ;;
      esac`,
    );
    const { status, out, err } = await place.install();
    expect(await installed(place)).toBe(programText("1.2.3", HERE));
    const asked = (await readFile(calls, "utf8")).trim().split("\n");
    return { asked: asked.filter((call) => !/^(is-active|show) /.test(call)), out, err, status };
  }

  const itself = (place: Installing): string => join(place.bin, "mellamo");

  test.concurrent("is told to restart, and nothing else", async () => {
    const { asked, out, status } = await upgrade(true, itself);
    expect([asked, status]).toEqual([["try-restart mellamo.service"], 0]);
    expect(out).toContain("The service has been told to restart.\n");
  });

  test.concurrent("is left alone where it runs another program, or does not run", async () => {
    const { asked, out } = await upgrade(true, () => "/usr/bin/mellamo");
    expect(asked).toEqual([]);
    expect(out).toMatch(
      /The service runs another mellamo\. To have it run this one: \S+\/mellamo service install\n/,
    );
    expect((await upgrade(true, (place) => `${itself(place)}-other`)).asked).toEqual([]);
    expect((await upgrade(false, itself)).asked).toEqual([]);
  });

  test.concurrent("is its administrator's to restart", async () => {
    const { asked, out, status } = await upgrade(true, itself, { user: 1000 });
    expect([asked, status]).toEqual([[], 0]);
    expect(out).toContain("until it is restarted: sudo systemctl try-restart mellamo\n");
  });

  test.concurrent("that does not come back is told, and ends it with 1", async () => {
    const { err, status } = await upgrade(true, itself, { restarts: false });
    expect([err, status]).toEqual([
      "install.sh: mellamo 1.2.3 (linux-x64) is installed, but its service does not restart: Job for mellamo.service failed.\n",
      1,
    ]);
  });
});
