/** `mellamo health` tells those who watch over a router whether it is well, by its exit status and in one line. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { canned } from "../support/fake-engine.ts";
import { folderOf } from "../support/folder.ts";
import { command, mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test("a router that runs is well, though none of its backends is up", async () => {
  await using router = await mellamo(`[[backend]]\nurl = "${NOBODY}"\n`);
  const server = `127.0.0.1:${router.port}`;
  expect(await command(["health", "--server", server])).toEqual({ status: 0, out: "ok\n", err: "" });
  expect(await command(["health", "--server", server, "--json"])).toEqual({
    status: 0,
    out: '{"status":"ok"}\n',
    err: "",
  });
});

test("it is found where a variable has the router listen, whatever the file says, as in a container", async () => {
  await using router = await mellamo("");
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "127.0.0.1:1"\n' });
  const place = { cwd: folder.path, env: { GOLLAMAS_LISTEN: `0.0.0.0:${router.port}` } };
  expect(await command(["health"], place)).toEqual({ status: 0, out: "ok\n", err: "" });
});

test("where nobody listens it is not", async () => {
  const router = await mellamo("");
  await router.end("SIGTERM");
  const { status, out, err } = await command(["health", "--server", `127.0.0.1:${router.port}`]);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^Cannot reach mellamo at .*: connection refused\..*\n$/);
});

test("a stranger that listens there is no router", async () => {
  await using stranger = canned({ "/healthz": { status: "ill" } });
  expect(await command(["health", "--server", stranger.url])).toEqual({
    status: 1,
    out: "",
    err: `${stranger.url} answers, but not like this version of mellamo: is it another program? See: mellamo doctor\n`,
  });
});
