/** Unknown names make the fleet look again: few times however many ask, and no longer than it takes to find one. */

import { describe, expect, test } from "bun:test";

import { Fleet } from "../../src/fleet/fleet.ts";
import { Looks } from "../../src/fleet/looks.ts";
import { systemTraffic } from "../../src/traffic/traffic.ts";
import { within } from "../support/deadline.ts";
import { backendAt, type FakeEngine, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { SILENT } from "../support/imitator-shapes.ts";
import { mellamo } from "../support/mellamo.ts";
import { rulesOf } from "../support/rules.ts";

function listing(...ids: readonly string[]): Pages {
  return { pages: { "/v1/models": { object: "list", data: ids.map((id) => ({ id })) } } };
}

function looksAt(engine: FakeEngine): number {
  return engine.asked.filter((path) => path === "/v1/models").length;
}

function configFor(...engines: readonly FakeEngine[]): string {
  return engines
    .map(({ url }) => `[[backend]]\nurl = "${url}"\nengine = "openai"\nprobe_interval = "1h"\n`)
    .join("");
}

function chat(url: string, model: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify({ model }) });
}

describe("a router that is asked for unknown names", () => {
  test("looks few times, however many clients ask at once, and tells each of them", async () => {
    await using engine = fakeEngine(listing("m"));
    await using router = await mellamo(configFor(engine));
    const before = looksAt(engine);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, client) => chat(router.url, `unknown-${client}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(looksAt(engine) - before).toBeWithin(1, 5);
  });

  test("looks at most a few times a second, however often one client asks", async () => {
    await using engine = fakeEngine(listing("m"));
    await using router = await mellamo(configFor(engine));
    const before = looksAt(engine);
    const startMs = performance.now();
    for (let call = 0; call < 5; call++) expect((await chat(router.url, "unknown")).status).toBe(404);
    const seconds = (performance.now() - startMs) / 1000;
    expect(looksAt(engine) - before).toBeLessThanOrEqual(1 + seconds * 5);
  });

  test("does not look for names that it knows", async () => {
    await using engine = fakeEngine(listing("m"));
    await using router = await mellamo(configFor(engine));
    const before = looksAt(engine);
    await Promise.all(Array.from({ length: 20 }, () => chat(router.url, "m")));
    expect(looksAt(engine)).toBe(before);
  });

  test("finds a model that has come up since, for each of many clients that ask for it at once", async () => {
    await using engine = fakeEngine(listing("m"));
    await using router = await mellamo(configFor(engine));
    const chats = { "/v1/chat/completions": { model: "new", choices: [] } };
    engine.become({ pages: { ...listing("m", "new").pages, ...chats } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => chat(router.url, "new")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test("does not wait for a silent backend once another has the model", async () => {
    await using engine = fakeEngine(listing("m"));
    await using silent = fakeEngine(listing("other"));
    await using router = await mellamo(`[health]\nprobe_timeout = "30s"\n${configFor(silent, engine)}`);
    silent.become(SILENT);
    const chats = { "/v1/chat/completions": { model: "new", choices: [] } };
    engine.become({ pages: { ...listing("m", "new").pages, ...chats } });
    expect((await within(3000, chat(router.url, "new"))).status).toBe(200);
  });

  test("does not wait for a look that another unknown name has begun", async () => {
    await using engine = fakeEngine(listing("m"));
    await using silent = fakeEngine(listing("other"));
    await using router = await mellamo(`[health]\nprobe_timeout = "5s"\n${configFor(silent, engine)}`);
    silent.become(SILENT);
    const unknown = chat(router.url, "unknown");
    while (!silent.asked.slice(1).includes("/v1/models")) await Bun.sleep(10);
    const chats = { "/v1/chat/completions": { model: "new", choices: [] } };
    engine.become({ pages: { ...listing("m", "new").pages, ...chats } });
    expect((await within(2000, chat(router.url, "new"))).status).toBe(200);
    await unknown;
  }, 15_000);

  test("waits only shortly for a backend that was down before", async () => {
    await using engine = fakeEngine(listing("m"));
    await using silent = fakeEngine(SILENT);
    await using router = await mellamo(
      `[health]\nprobe_timeout = "3s"\nprobe_interval = "1h"\n${configFor(engine, silent)}`,
    );
    await router.log.until(/event="backend down"/, 5000);
    const startMs = performance.now();
    expect((await chat(router.url, "unknown")).status).toBe(404);
    expect(performance.now() - startMs).toBeLessThan(2500);
  }, 15_000);

  test("gives up on a silent backend in the time that probes have", async () => {
    await using silent = fakeEngine(listing("other"));
    await using router = await mellamo(`[health]\nprobe_timeout = "400ms"\n${configFor(silent)}`);
    silent.become(SILENT);
    const startMs = performance.now();
    expect((await chat(router.url, "unknown")).status).toBe(404);
    expect(performance.now() - startMs).toBeWithin(390, 2000);
  });
});

describe("a fleet", () => {
  test("ends a rescan with the first look that is enough, and one that is never enough with the last", async () => {
    await using quick = fakeEngine(listing("m"));
    await using silent = fakeEngine(SILENT);
    const backends = [
      backendAt(quick.url, { engine: "openai" }),
      backendAt(silent.url, { engine: "openai", probeTimeoutMs: 1000 }),
    ];
    const traffic = systemTraffic();
    const looks = new Looks(Date.now, traffic);
    const fleet = new Fleet(backends, rulesOf(), looks, traffic, Date.now);
    const patient = fleet.rescan(() => false);
    await fleet.rescan(() => fleet.catalog.has("m"));
    expect(fleet.catalog.has("m")).toBe(true);
    expect(backends[1]?.stock.trouble).toBe("not asked yet");
    await patient;
    expect(backends[1]?.stock.trouble).toBe("no answer in time");
    looks.stop();
  });
});
