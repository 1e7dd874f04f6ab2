/** What the installer says may reach nobody: it goes to its end all the same. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { released } from "../support/release.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

describe.each([
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
  ["bash as sh", ["bash", "--posix"]],
  ["zsh as sh", ["zsh", "--emulate", "sh"]],
] as const)("run by %s, it installs, and has the service restart", (_, shell) => {
  const isHere = Bun.which(shell[0]) !== null && Bun.which("bash") !== null;

  test.skipIf(!isHere).each([
    ["with its output closed", ">&-"],
    ["with its output on a full disk", ">/dev/full"],
    ["for somebody who reads one line", "| head -n 1"],
    ["for somebody who reads nothing", "| true"],
    ["with all that it says for nobody", "2>&1 | true"],
  ])("%s", async (_, output) => {
    await using place = await released([
      "bash",
      "-c",
      `"$@" ${output}; exit \${PIPESTATUS[0]}`,
      "",
      ...shell,
    ]);
    const calls = place.folder.at("calls");
    const program = join(place.bin, "mellamo");
    await place.fake("id", "echo 0");
    await place.fake(
      "systemctl",
      `echo $1 >>'${calls}'; [ $1 != show ] || echo 'ExecStart={ path=${program} ; }'`,
    );
    expect(await place.install()).toMatchObject({ status: 0, err: "" });
    const left = await place.left();
    expect(left).toContain("prefix/bin/mellamo");
    expect(left).toContain("prefix/share/bash-completion/completions/mellamo");
    expect(left.filter((one) => one.startsWith("tmp/") || one.includes(".new."))).toEqual([]);
    expect(await readFile(calls, "utf8")).toContain("try-restart\n");
  });
});
