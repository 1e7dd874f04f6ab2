/** Whoever else comes where routers that share a store meet is heard for a moment, and sent away. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { placeOf } from "../../src/live/sharers.ts";
import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import { folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { storeTable } from "../support/store-calls.ts";

setDefaultTimeout(30_000);

const SHARED = /event="alias store shared"/;

/** Comes to the place of a file, says `words`, and resolves when it was sent away; with how much it was told. */
async function visit(file: string, words: string): Promise<{ readonly gone: Promise<void>; end(): void }> {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const unix = (await placeOf(file)) ?? "";
  const comes = () =>
    Bun.connect({
      unix,
      socket: { open: (one) => void one.write(words), data() {}, close: () => resolve(), error() {} },
    }).catch(() => undefined);
  // a router that has just begun to listen is not there yet
  const socket = await eventually(comes, (one) => one !== undefined);
  return { gone, end: () => socket?.terminate() };
}

function timesTold({ log }: Mellamo): number {
  return log.all.filter((line) => SHARED.test(line)).length;
}

const STRANGERS: [who: string, words: string][] = [
  ["who says nothing", ""],
  ["who says what is no JSON", "hello\n"],
  ["who says what no router says", '{"pid":-1,"url":"x","version":"1"}\n'],
  ["who never comes to an end", "x".repeat(5000)],
];

test.each(STRANGERS)("one %s is sent away", async (_, words) => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  const { gone } = await visit(folder.at("server.json"), words);
  await within(10_000, gone);
  expect(timesTold(router)).toBe(0);
});

test("one who says the same time and again is told once", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  const words = '{"pid":7,"url":"http://x","version":"1"}\n';
  for (let count = 0; count < 20; count++) (await visit(folder.at("server.json"), words)).end();
  await router.log.until(SHARED);
  // what came before one that is sent away has been heard
  await within(10_000, (await visit(folder.at("server.json"), "hello\n")).gone);
  expect(timesTold(router)).toBe(1);
});

test("many who stay keep no client out", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  await using router = await mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`);
  const words = '{"pid":7,"url":"http://x","version":"1"}\n';
  const all = await Promise.all(
    Array.from({ length: 300 }, () => visit(folder.at("server.json"), words).catch(() => undefined)),
  );
  const gone = all.filter((one) => one !== undefined).map((one) => one.gone.then(() => 1));
  // all but those that it has room for
  await within(
    10_000,
    Promise.all(gone.map((one) => Promise.race([one, Bun.sleep(3000).then(() => 0)]))).then((ended) =>
      expect(ended.filter((one) => one === 0).length).toBeLessThanOrEqual(64),
    ),
  );
  expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
  for (const one of all) one?.end();
});

test("where a stranger has the place, routers meet once it has left", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  const file = folder.at("server.json");
  const stranger = Bun.listen({
    unix: (await placeOf(file)) ?? "",
    socket: { open: (one) => void one.terminate(), data() {}, error() {} },
  });
  await using first = await mellamo(`${storeTable(file)}${NO_ENGINE}`);
  stranger.stop(true);
  await using second = await mellamo(`${storeTable(file)}${NO_ENGINE}`);
  await first.log.until(new RegExp(`${SHARED.source} .*with_pid=${second.pid} `));
});
