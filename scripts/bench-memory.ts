/**
 * Measures whether a router keeps anything of the requests that it has served: `bun run bench:memory`. Ends with 1 where
 * 100,000 requests leave more behind than 10,000 did.
 *
 * Clients on 32 connections ask by an alias, each time in another conversation. Some answers are streamed, some clients
 * leave, and one of two engines refuses now and then, so that the other is asked. Nothing leaves this machine.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLIENTS = 32;
const FIRST = 10_000;
const ALL = 100_000;

/** Garbage has its time: no request for so long. */
const REST_MS = 30_000;

/** What the further requests may leave behind: pools and caches fill up late. */
const MAX_GROWTH_MIB = 24;

/** Of so many requests one is streamed, one is left by its client, and of those to the second engine one is refused. */
const STREAMED_EVERY = 5;
const LEFT_EVERY = 20;
const REFUSED_EVERY = 8;

const WORDS = 12;
const LEAVES_AFTER_MS = 3;

interface Memory {
  readonly rssMib: number;
  /** Without what is only mapped from files, which the system takes back as it likes. Linux alone tells. */
  readonly ownMib: number;
}

const seen = { whole: 0, streamed: 0, left: 0, failedOver: 0, refusals: 0 };

/** An engine that answers at once; it refuses one request of so many. */
function engine(refusedEvery = Infinity): Bun.Server<undefined> {
  let turn = 0;
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    async fetch(request) {
      if (request.method === "GET") return Response.json({ object: "list", data: [{ id: "org/Model-1B" }] });
      const { stream } = (await request.json()) as { readonly stream: boolean };
      if (++turn % refusedEvery === 0) {
        seen.refusals++;
        return Response.json({ error: { message: "out of order" } }, { status: 503 });
      }
      if (stream) return new Response(speak(), { headers: { "content-type": "text/event-stream" } });
      const message = { role: "assistant", content: "word ".repeat(WORDS) };
      return Response.json({ id: "1", model: "org/Model-1B", choices: [{ index: 0, message }] });
    },
  });
}

async function* speak(): AsyncGenerator<string> {
  for (let word = 0; word < WORDS; word++) {
    yield `data: {"model":"org/Model-1B","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n`;
    await Bun.sleep(1);
  }
  yield "data: [DONE]\n\n";
}

/** The first port that the router's log tells; the rest of the log is read and forgotten. */
function portIn(log: ReadableStream<Uint8Array>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  void (async () => {
    const decoder = new TextDecoder();
    let beginning = "";
    let isFound = false;
    for await (const chunk of log) {
      if (isFound) continue;
      beginning += decoder.decode(chunk, { stream: true });
      const port = /event=listening url=\S+:(\d+)\n/.exec(beginning)?.[1];
      isFound = port !== undefined;
      if (port !== undefined) resolve(Number(port));
    }
    reject(new Error(`The router has ended:\n${beginning}`));
  })();
  return promise;
}

async function ask(url: string, index: number): Promise<void> {
  const isStreamed = index % STREAMED_EVERY === 0;
  const leaving = new AbortController();
  const timer =
    index % LEFT_EVERY === 0 ? setTimeout(() => leaving.abort(), index % (2 * LEAVES_AFTER_MS)) : undefined;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({
        model: "gpt-4o",
        stream: isStreamed,
        messages: [{ role: "user", content: `This is conversation ${index}. ${"How are you? ".repeat(20)}` }],
      }),
      signal: leaving.signal,
    });
    const text = await response.text();
    const isRight = isStreamed ? text.endsWith("[DONE]\n\n") : text.includes('"model":"gpt-4o"');
    if (response.status !== 200 || !isRight) throw new Error(`Answered with ${response.status}: ${text}`);
    seen[isStreamed ? "streamed" : "whole"]++;
    if (Number(response.headers.get("x-mellamo-attempts")) > 1) seen.failedOver++;
  } catch (failure) {
    if (!leaving.signal.aborted) throw failure;
    seen.left++;
  } finally {
    clearTimeout(timer);
  }
}

/** All requests of a run, up to so many clients at a time. */
async function askAll(url: string, from: number, to: number): Promise<void> {
  let next = from;
  const inTurn = async (): Promise<void> => {
    while (next < to) await ask(url, next++);
  };
  await Promise.all(Array.from({ length: CLIENTS }, inTurn));
}

async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => undefined);
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status ?? "")?.[1]);
  if (status !== undefined) return { rssMib: kib("VmRSS") / 1024, ownMib: kib("RssAnon") / 1024 };
  const shown = await new Response(Bun.spawn(["ps", "-o", "rss=", "-p", String(pid)]).stdout).text();
  return { rssMib: Number(shown) / 1024, ownMib: Number.NaN };
}

function row(what: string, { rssMib, ownMib }: Memory): void {
  const columns = [rssMib, ownMib].map((mib) => (Number.isNaN(mib) ? "-" : mib.toFixed(1)).padStart(11));
  console.log(what.padEnd(36) + columns.join(""));
}

async function bench(router: Bun.Subprocess<"ignore", "ignore", "pipe">): Promise<boolean> {
  const { pid } = router;
  const url = `http://127.0.0.1:${await portIn(router.stderr)}`;
  const startedAt = performance.now();
  console.log(`${"MiB".padEnd(36)}${"resident".padStart(11)}${"its own".padStart(11)}`);
  row("at the start", await memoryOf(pid));
  await askAll(url, 0, FIRST);
  const early = await memoryOf(pid);
  row(`after ${FIRST} requests`, early);
  await Bun.sleep(REST_MS);
  const earlyRested = await memoryOf(pid);
  row(`and ${REST_MS / 1000} s of rest`, earlyRested);
  await askAll(url, FIRST, ALL);
  const late = await memoryOf(pid);
  row(`after ${ALL} requests`, late);
  await Bun.sleep(REST_MS);
  const lateRested = await memoryOf(pid);
  row(`and ${REST_MS / 1000} s of rest`, lateRested);
  row("difference, at work", less(late, early));
  row("difference, rested", less(lateRested, earlyRested));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(
    `\n${seconds} s; ${Object.entries(seen)
      .map(([what, count]) => `${what} ${count}`)
      .join(", ")}`,
  );
  return lateRested.rssMib - earlyRested.rssMib < MAX_GROWTH_MIB;
}

function less(one: Memory, other: Memory): Memory {
  return { rssMib: one.rssMib - other.rssMib, ownMib: one.ownMib - other.ownMib };
}

const engines = [engine(), engine(REFUSED_EVERY)];
const folder = await mkdtemp(join(tmpdir(), "mellamo-bench-"));
// whoever fails gets less to do: the second weighs so much that it is asked all the same
const tables = engines.map(
  ({ port }, index) =>
    `[[backend]]\nurl = "http://127.0.0.1:${port}"\nengine = "openai"\nweight = ${[1, 1000][index]}\n`,
);
const config = join(folder, "config.toml");
await writeFile(
  config,
  `[server]\nlisten = "127.0.0.1:0"\n${tables.join("")}[aliases]\n"gpt-4o" = "org/Model-1B"\n`,
);
const main = join(import.meta.dir, "..", "src", "main.ts");
const router = Bun.spawn([process.execPath, main, "serve", "--config", config], {
  env: { ...process.env, STATE_DIRECTORY: folder },
  stdin: "ignore",
  stdout: "ignore",
  stderr: "pipe",
});
try {
  if (!(await bench(router))) {
    console.log(`\nThe further requests have left more than ${MAX_GROWTH_MIB} MiB behind.`);
    process.exitCode = 1;
  }
} finally {
  router.kill("SIGKILL");
  await router.exited;
  await Promise.all(engines.map((one) => one.stop(true)));
  await rm(folder, { recursive: true });
}
