/** Which models may be asked for by their own names, by `[listing] only`: of one name on several backends each for itself. */

import { expect, test } from "bun:test";

import { modelOf } from "../../src/engines/model.ts";
import { catalogOf, type IsOpen } from "../../src/fleet/catalog.ts";
import { stocked } from "../support/stocked.ts";

const FLEET = [
  stocked("a", [modelOf("m:latest", { loaded: true }), modelOf("n", { loaded: false })]),
  stocked("b", [modelOf("M", { loaded: false }), modelOf("n", { loaded: false })]),
];
const isLoaded: IsOpen = ({ loaded }) => loaded;

test.each(["m", "M", "library/m:latest"])("%s is open where it is loaded, and known everywhere", (name) => {
  const catalog = catalogOf(FLEET, new Map(), isLoaded);
  expect(new Map(catalog.find(name).map(({ backend, open }) => [backend.name, open]))).toEqual(
    new Map([
      ["a", true],
      ["b", false],
    ]),
  );
  expect([catalog.hasOpen(name), catalog.has(name, "b")]).toEqual([true, true]);
});

test("one that is loaded nowhere is known, and not open", () => {
  const catalog = catalogOf(FLEET, new Map(), isLoaded);
  expect([catalog.has("n"), catalog.hasOpen("n"), catalog.hasOpen("nobody")]).toEqual([true, false, false]);
});

test("one that is loaded where it may not be asked for is not open", () => {
  const catalog = catalogOf(FLEET, new Map([["m", ["b"]]]), isLoaded);
  expect([catalog.has("m"), catalog.hasOpen("m")]).toEqual([true, false]);
});

test("all are, where nothing is said", () => {
  expect(catalogOf(FLEET, new Map()).offers.every(({ open }) => open)).toBe(true);
});
