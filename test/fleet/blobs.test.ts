/** Where blobs went is remembered, as long as it can matter. */

import { expect, test } from "bun:test";

import { BlobPlaces } from "../../src/fleet/blobs.ts";
import { stocked } from "../support/stocked.ts";

const HERE = stocked("here", []);
const THERE = stocked("there", []);

test("a blob is where it was put", () => {
  const places = new BlobPlaces();
  places.remember("sha256:a", HERE);
  places.remember("sha256:b", THERE);
  expect(places.placeOf("sha256:a")).toBe(HERE);
  expect(places.placeOf("sha256:b")).toBe(THERE);
});

test("one that was never seen is nowhere", () => {
  expect(new BlobPlaces().placeOf("sha256:a")).toBeUndefined();
});

test("one that was put twice is where it was put last", () => {
  const places = new BlobPlaces();
  places.remember("sha256:a", HERE);
  places.remember("sha256:a", THERE);
  expect(places.placeOf("sha256:a")).toBe(THERE);
});

test("of very many the oldest are forgotten, so that memory does not grow", () => {
  const places = new BlobPlaces();
  for (let digest = 0; digest < 5000; digest++) places.remember(String(digest), HERE);
  const known = Array.from({ length: 5000 }, (_, digest) => places.placeOf(String(digest)) === HERE);
  expect(known.filter(Boolean)).toHaveLength(1000);
  expect(known.slice(4000)).not.toContain(false);
});

test("one that is put again counts as new", () => {
  const places = new BlobPlaces();
  places.remember("first", HERE);
  for (let digest = 0; digest < 999; digest++) places.remember(String(digest), HERE);
  places.remember("first", HERE);
  places.remember("one more", HERE);
  expect(places.placeOf("first")).toBe(HERE);
  expect(places.placeOf("0")).toBeUndefined();
});
