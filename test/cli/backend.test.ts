/** `mellamo backend drain NAME` and `mellamo backend resume NAME` lend a machine out and take it back. */

import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { command, type Mellamo, type Result } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

let engine: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  engine = await rawBackend(["m"], () => {});
  router = await routerOver({ gpu: { url: engine.url, engine: "openai" }, attic: { url: NOBODY } });
});

afterEach(async () => {
  await fetch(`${router.url}/mellamo/backends/gpu/resume`, { method: "POST" });
});

afterAll(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

function mellamo(...args: string[]): Promise<Result> {
  return command([...args, "--server", `127.0.0.1:${router.port}`]);
}

/** As people read times; of this year or the next. */
const TIME = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d`;

test("drain tells what is still in flight, and resume that it is drained no more", async () => {
  const { leave } = ask(router);
  await within(SOON_MS, engine.talk(0));
  expect(await mellamo("backend", "drain", "gpu")).toEqual({
    status: 0,
    out: "gpu is drained until it is resumed; in flight: 1\n",
    err: "",
  });
  expect((await backendNamed("gpu", router)).drained).toEqual({ until: null });
  leave();
  expect(await mellamo("backend", "resume", "gpu")).toEqual({
    status: 0,
    out: "gpu takes requests; in flight: 0\n",
    err: "",
  });
  expect((await backendNamed("gpu", router)).drained).toBeNull();
});

test.each([[["--for", "2h"]], [["--for=2h"]], [["--for", "1h59m60s"]]])(
  "%p tells until when",
  async (option) => {
    const { status, out, err } = await mellamo("backend", "drain", "gpu", ...option);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^gpu is drained until ${TIME}; in flight: \\d\n$`));
    const until = Date.parse((await backendNamed("gpu", router)).drained?.until ?? "");
    expect(until - Date.now()).toBeWithin(7_100_000, 7_210_000);
  },
);

test("--json has the same for programs", async () => {
  const drained = await mellamo("backend", "drain", "gpu", "--json");
  expect(JSON.parse(drained.out)).toMatchObject({ backend: "gpu", drained: true, until: null });
  const resumed = await mellamo("backend", "resume", "gpu", "--json");
  expect(JSON.parse(resumed.out)).toMatchObject({ backend: "gpu", drained: false, until: null });
  expect([drained.status, resumed.status]).toEqual([0, 0]);
});

test.each([
  [["drain", "gqu"], 'no backend is called "gqu", did you mean "gpu"?'],
  [["resume", "gqu"], 'no backend is called "gqu", did you mean "gpu"?'],
  [["drain", "a/b ü?#%"], 'no backend is called "a/b ü?#%"'],
])("%p is refused with 1, and changes nothing", async (args, why) => {
  expect(await mellamo("backend", ...args)).toEqual({ status: 1, out: "", err: `${why}\n` });
  expect((await backendNamed("gpu", router)).drained).toBeNull();
});

test.each(["soon", "25d", "", "0s", "2H"])(
  "--for %p is not understood, and changes nothing",
  async (time) => {
    expect(await mellamo("backend", "drain", "gpu", "--for", time)).toEqual({
      status: 2,
      out: "",
      err: `--for: expected a duration such as "30m", "2h" or "1h30m", at most "24d", got ${JSON.stringify(time)}\n`,
    });
    expect((await backendNamed("gpu", router)).drained).toBeNull();
  },
);

test.each([
  [["backend"]],
  [["backend", "pause", "gpu"]],
  [["backend", "drain"]],
  [["backend", "drain", "gpu", "attic"]],
  [["backend", "drain", "gpu", "--for"]],
  [["backend", "resume", "gpu", "--for", "2h"]],
])("%p is not understood: 2", async (args) => {
  const { status, out, err } = await mellamo(...args);
  expect([status, out]).toEqual([2, ""]);
  expect(err).not.toBe("");
  expect((await backendNamed("gpu", router)).drained).toBeNull();
});

test.each(["drain", "resume"])("where no router runs, %s says so", async (deed) => {
  const { status, out, err } = await command(["backend", deed, "gpu", "--server", "127.0.0.1:9"]);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toStartWith("Cannot reach mellamo at http://127.0.0.1:9: connection refused");
});

test("ps, status and resolve show it, and until when", async () => {
  await mellamo("backend", "drain", "gpu");
  expect((await mellamo("ps")).out).toMatch(/^gpu .* drained +\d/m);
  expect((await mellamo("status")).out).toMatch(/^ +gpu +drained$/m);
  const resolved = await mellamo("resolve", "m");
  expect(resolved.out).toMatch(/^ +gpu +openai +m +skipped +drained +loaded/m);
  expect([resolved.status, resolved.err]).toEqual([
    1,
    'no backend that has "m" can serve it now (gpu: drained)\n',
  ]);

  await mellamo("backend", "drain", "gpu", "--for", "2h");
  expect((await mellamo("ps")).out).toMatch(new RegExp(`^gpu .* drained until ${TIME} `, "m"));
  expect((await mellamo("status")).out).toMatch(new RegExp(`^ +gpu +drained until ${TIME}$`, "m"));
  expect((await mellamo("resolve", "m")).out).toMatch(/ skipped +drained for (2 h|1 h 59 min) /);

  await mellamo("backend", "resume", "gpu");
  expect((await mellamo("ps")).out).toMatch(/^gpu .* up +\d/m);
  expect((await mellamo("status")).out).not.toContain("drained");
});

test("help tells of both", async () => {
  const { out, status } = await command(["--help"]);
  expect([out.includes("backend drain NAME"), out.includes("backend resume NAME"), status]).toEqual([
    true,
    true,
    0,
  ]);
  expect((await command(["backend", "drain", "--help"])).out).toContain("--for DURATION");
});
