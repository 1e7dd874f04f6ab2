/** Some names say where a model runs, in Ollama's way. */

import { expect, test } from "bun:test";

import { keyOf } from "../../src/domain/name.ts";
import { isCloudName, withoutLocal } from "../../src/domain/source.ts";
import { capturedTable } from "../support/captures.ts";

/** What a real Ollama made of the names that end in a source, while it had a model "tiny". */
const rows = capturedTable("ollama-names.tsv").map(([sent = "", show = ""]) => ({
  name: JSON.parse(sent) as string,
  show,
}));

test.each(rows.filter(({ name }) => /:local$/i.test(name)).map(({ name }) => [name]))(
  "%j is the model tiny, and here",
  (name) => {
    expect(keyOf(withoutLocal(name) ?? "")).toBe(keyOf("tiny"));
  },
);

// a name that says both is for Ollama to refuse
const single = rows.filter(({ name }) => !/:local:/i.test(name));
const [cloud, here] = [
  single.filter(({ show }) => show.includes("ollama.com)")),
  single.filter(({ show }) => !show.includes("ollama.com)")),
];

test("Ollama was asked about names of both kinds", () => {
  expect([cloud.length, here.length]).toEqual([2, 41]);
});

test.each(cloud.map(({ name }) => [name]))("an Ollama passes %j on to its cloud", (name) => {
  expect(isCloudName(name)).toBe(true);
});

test.each(here.map(({ name }) => [name]))("an Ollama keeps %j to itself", (name) => {
  expect(isCloudName(name)).toBe(false);
});

test.each(["tiny", "tiny:latest", "local", "tiny-local", "tiny:locally", "tiny:local:8b", ":locals", ""])(
  "%j says nothing of a place",
  (name) => {
    expect(withoutLocal(name)).toBeUndefined();
  },
);

test("only the suffix goes, the name's own letters stay", () => {
  expect(withoutLocal(" Org/Tiny:8B:LOCAL ")).toBe("Org/Tiny:8B");
});

test.each(["gpt-oss:120b-cloud", "deepseek:671B-Cloud", "x:cloud", "org/x:CLOUD", " x:cloud "])(
  "%j runs in the cloud",
  (name) => {
    expect(isCloudName(name)).toBe(true);
  },
);

test.each([
  "cloud",
  "x-cloud",
  "x:cloudy",
  "x:cloud-8b",
  "x:cloud/y",
  "host:80-cloud/x",
  "host:80/x-cloud",
  "x:8bcloud",
])("%j does not", (name) => {
  expect(isCloudName(name)).toBe(false);
});
