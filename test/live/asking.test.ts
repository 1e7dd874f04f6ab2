/** `POST /mellamo/reload` and SIGHUP load the file at once; the former answers what came of it. */

import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import {
  aliasTo,
  change,
  configState,
  NOTHING,
  reload,
  save,
  table,
  teller,
  whoAnswers,
} from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one");
  two = await teller("two");
  router = await mellamo(leadingTo("one"));
});

beforeEach(() => change(router, leadingTo("one")));

afterAll(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

function leadingTo(name: string): string {
  return `${table("one", one)}${table("two", two)}[aliases]\n${aliasTo(name)}`;
}

test("what the answer says is in force when it is there", async () => {
  for (const name of ["two", "one", "two"]) {
    await change(router, leadingTo(name));
    expect(await whoAnswers(router, "a")).toBe(name);
  }
});

test("the answer names all that changed", async () => {
  const body = await change(
    router,
    [
      '[server]\nmax_body = "1MiB"\ndrain = "1s"\norigins = ["https://x.example"]\ncopy = "model"\n',
      '[listing]\naliases = false\n[log]\nlevel = "debug"\nformat = "json"\n',
      table("one", one, "priority = 7"),
      table("three", two),
      '[models]\nm = ["one", "three"]\n',
      `[aliases]\n${aliasTo("three")}${aliasTo("one", "b-*")}`,
    ].join(""),
  );
  expect(body).toEqual({
    config: router.file,
    changed: {
      settings: [
        "server.max_body",
        "server.drain",
        "server.origins",
        "server.copy",
        "listing.aliases",
        "log.level",
        "log.format",
      ],
      backends: { added: ["three"], removed: ["two"], changed: ["one"] },
      aliases: { added: ["b-*"], removed: [], changed: ["a"] },
      models: { added: ["m"], removed: [], changed: [] },
    },
    needs_restart: [],
  });
  const back = await change(router, leadingTo("one"));
  expect(back.changed).toMatchObject({
    backends: { added: ["two"], removed: ["three"], changed: ["one"] },
    aliases: { added: [], removed: ["b-*"], changed: ["a"] },
    models: { added: [], removed: ["m"], changed: [] },
  });
});

test("a change that changes nothing is answered so", async () => {
  expect(await change(router, `# a comment\n${leadingTo("one")}`)).toEqual({
    config: router.file,
    changed: NOTHING,
    needs_restart: [],
  });
});

test("what is different in [health] alone is a change of every backend that it holds for", async () => {
  const { changed } = await change(router, `[health]\nprobe_interval = "1h"\n${leadingTo("one")}`);
  expect(changed).toEqual({
    ...NOTHING,
    backends: { added: [], removed: [], changed: ["one", "two"] },
  });
});

test("no secret is in the answer or in the log", async () => {
  const secret = "sk-never-to-be-seen";
  const body = await change(router, leadingTo("one").replace("[aliases]", `key = "${secret}"\n[aliases]`));
  expect(JSON.stringify(body)).not.toContain(secret);
  await save(router, `${leadingTo("one")}b = "${secret}"\n[[backend]]\nkey = "${secret} "\n`);
  expect(JSON.stringify((await reload(router)).body)).not.toContain(`${secret} `);
  expect(router.log.text).not.toContain(secret);
});

test("SIGHUP loads the file", async () => {
  await save(router, leadingTo("two"));
  process.kill(router.pid, "SIGHUP");
  await eventually(SOON_MS, async () => (await whoAnswers(router, "a")) === "two");
});

test("SIGHUP alone loads an empty file, and then nobody complains of it", async () => {
  await Bun.write(router.file, "\n");
  const refused = { error: `${router.file} is empty: only SIGHUP loads that`, mistakes: [] };
  expect(await reload(router)).toEqual({ status: 400, body: refused });
  expect(await whoAnswers(router, "a")).toBe("one");
  process.kill(router.pid, "SIGHUP");
  await eventually(SOON_MS, async () => (await whoAnswers(router, "a")) !== "one");
  expect((await reload(router)).status).toBe(200);
  expect((await configState(router)).config_troubles).toEqual([]);
});

test("a hundred of each at the same time end in what the file says last", async () => {
  const asked: Promise<number>[] = [];
  for (let times = 0; times < 100; times++) {
    await save(router, leadingTo(times % 2 === 0 ? "one" : "two"));
    process.kill(router.pid, "SIGHUP");
    asked.push(reload(router).then(({ status }) => status));
  }
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
  expect((await reload(router)).status).toBe(200);
  expect(await whoAnswers(router, "a")).toBe("two");
});

test("a hundred at once are few loads, and each has begun after it was asked for", async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `n${index} = "a"\n`).join("");
  await change(router, leadingTo("one") + names);
  await save(router, leadingTo("two") + names);
  const seen = router.log.all.length;
  const answers = await Promise.all(Array.from({ length: 100 }, () => reload(router)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await whoAnswers(router, "n2999")).toBe("two");
  const lines = router.log.all.slice(seen).filter((line) => line.includes('"configuration loaded"'));
  expect(lines.length).toBeLessThan(30);
});

test.each(["GET", "PUT", "DELETE"])("%s is refused", async (method) => {
  const { status, headers } = await fetch(`${router.url}/mellamo/reload`, { method });
  expect([status, headers.get("allow")]).toEqual([405, "POST"]);
});

test("a page of the web is refused", async () => {
  const headers = { origin: "https://evil.example" };
  const { status } = await fetch(`${router.url}/mellamo/reload`, { method: "POST", headers });
  expect(status).toBe(403);
});
