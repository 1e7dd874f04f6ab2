/** A survey names every backend that has a target of a route, in the order of the targets, and says whether it can serve now. */

import { describe, expect, test } from "bun:test";

import type { RankedTarget, Route } from "../../src/domain/resolve.ts";
import { modelOf } from "../../src/engines/model.ts";
import type { Backend } from "../../src/fleet/backend.ts";
import { Fleet } from "../../src/fleet/fleet.ts";
import { Looks } from "../../src/fleet/looks.ts";
import { soleCandidate, survey, type Surveyed, unreached } from "../../src/fleet/survey.ts";
import { systemTraffic } from "../../src/traffic/traffic.ts";
import { rulesOf } from "../support/rules.ts";
import { stocked } from "../support/stocked.ts";

const CHAT = "/v1/chat/completions";

function fleetOf(
  backends: readonly Backend[],
  pins: Readonly<Record<string, readonly string[]>> = {},
): Fleet {
  const traffic = systemTraffic();
  return new Fleet(backends, rulesOf(pins), new Looks(() => 0, traffic), traffic, () => 0);
}

/** Targets as "model", "model@backend", or in a list for those that are alike. */
function routeTo(...targets: readonly (string | readonly string[])[]): Route {
  const ranked = targets.flatMap((alike, rank) =>
    [alike].flat().map((text): RankedTarget => {
      const [model = "", backend] = text.split("@");
      return backend === undefined ? { model, rank, by: [] } : { model, backend, rank, by: [] };
    }),
  );
  return { asked: "x", alias: undefined, via: [], targets: ranked };
}

function shown(surveyed: readonly Surveyed[]): string[] {
  return surveyed.map(({ backend, model, rank }) => `${rank} ${backend.name} ${model.id}`);
}

describe("the backends of a route", () => {
  const fleet = fleetOf([stocked("a", ["small", "large"]), stocked("b", ["large"]), stocked("c", ["other"])]);

  test.each<[string, Route, string[]]>([
    ["of one target", routeTo("large"), ["0 a large", "0 b large"]],
    [
      "of several, the first target's first",
      routeTo("large", "small"),
      ["0 a large", "0 b large", "1 a small"],
    ],
    [
      "of targets that are alike, each backend by the first of them that it has",
      routeTo(["small", "large"]),
      ["0 a small", "0 b large"],
    ],
    ["of a target on one backend", routeTo("large@b"), ["0 b large"]],
    ["of a target on a backend that does not have it", routeTo("small@b"), []],
    ["of nothing that anybody has", routeTo("unknown"), []],
  ])("%s", (_, route, backends) => {
    expect(shown(survey(route, CHAT, fleet))).toEqual(backends);
  });
});

test("a model that is pinned elsewhere is no candidate, unless it is asked for under another name", () => {
  const fleet = fleetOf([stocked("a", ["m", "n"]), stocked("b", ["m"])], { m: ["b"] });
  expect(shown(survey(routeTo(["m", "n"]), CHAT, fleet))).toEqual(["0 b m", "0 a n"]);
});

describe("the verdict", () => {
  test("is that a backend is ready", () => {
    const [one] = survey(routeTo("m"), CHAT, fleetOf([stocked("a", ["m"])]));
    expect(one).toMatchObject({
      verdict: { kind: "ready" },
      loose: false,
      loaded: true,
      load: 0,
      priority: 100,
    });
  });

  test("is that it is down", () => {
    const lost = stocked("a", ["m"]);
    lost.lose("connection refused");
    expect(survey(routeTo("m"), CHAT, fleetOf([lost]))[0]?.verdict.kind).toBe("down");
  });

  test.each<[string, string | undefined, Surveyed["verdict"]["kind"]]>([
    ["that it does not serve the path", "/api/chat", "lacking"],
    ["ready for a path that it serves", CHAT, "ready"],
    ["ready where no path is asked", undefined, "ready"],
  ])("is %s", (_, path, verdict) => {
    expect(survey(routeTo("m"), path, fleetOf([stocked("a", ["m"])]))[0]?.verdict.kind).toBe(verdict);
  });

  test("is that it does not serve a path that it turned out to lack", () => {
    const backend = stocked("a", ["m"]);
    backend.lacks(CHAT);
    expect(survey(routeTo("m"), CHAT, fleetOf([backend]))[0]?.verdict.kind).toBe("lacking");
  });

  test("is, of one that does not serve the path and is down, that it does not serve it", () => {
    const lost = stocked("a", ["m"]);
    lost.lose("connection refused");
    expect(survey(routeTo("m"), "/api/chat", fleetOf([lost]))[0]?.verdict.kind).toBe("lacking");
  });
});

test("what counts in choosing comes along: priority, memory, requests in flight, spelling", () => {
  const busy = stocked("a", [modelOf("M", { loaded: false })], { priority: 7 });
  busy.duty.inflight = 3;
  const [exact, loose] = survey(routeTo("m"), CHAT, fleetOf([busy, stocked("b", ["m"])]));
  expect(exact).toMatchObject({ loose: false, loaded: true, load: 0, priority: 100 });
  expect(loose).toMatchObject({ loose: true, loaded: false, load: 3, priority: 7 });
});

test("a sole candidate stands for a model that its backend does not list", () => {
  const candidate = soleCandidate(stocked("a", [], { priority: 7 }), "Big:Cloud");
  expect(candidate).toMatchObject({ rank: 0, loose: false, loaded: true, priority: 7 });
  expect(candidate.model).toMatchObject({ id: "Big:Cloud", key: "big:cloud" });
});

describe("backends that were never reached are told where a route depends on them", () => {
  const never = stocked("never", undefined);
  const fleet = fleetOf([stocked("a", ["m"]), never], { pinned: ["never"], both: ["a", "never"] });

  test.each<[string, Route, Backend[]]>([
    ["by a target on them", routeTo("x@never"), [never]],
    ["by a pin", routeTo("pinned"), [never]],
    ["by a pin, however its model is spelled", routeTo("library/Pinned:latest"), [never]],
    ["by a pin to several", routeTo("both"), [never]],
    ["not by a target on another", routeTo("x@a"), []],
    ["not by a name that may be anywhere", routeTo("x"), []],
  ])("%s", (_, route, backends) => {
    expect(unreached(route, fleet)).toEqual(backends);
  });
});
