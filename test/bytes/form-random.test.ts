/** Forms as clients make them, and forms that are damaged. */

import { expect, test } from "bun:test";

import { openForm } from "../../src/bytes/envelope.ts";
import { findFormFields, formBoundary } from "../../src/bytes/form.ts";
import { forSeeds, forSeedsInTurn, type Random } from "../support/random.ts";

const HEADER = 'Content-Disposition: form-data; name="model"';

/** A form of two parts. */
const FORM = [
  "--b",
  'Content-Disposition: form-data; name="file"; filename="a"',
  "",
  "x",
  "--b",
  HEADER,
  "",
  "tiny",
  "--b--",
].join("\r\n");

test("what a fetch makes of a form is found, and reads the same with another name put in", async () => {
  await forSeedsInTurn(100, async (random) => {
    const form = randomForm(random);
    const response = new Response(form);
    const contentType = response.headers.get("content-type") ?? "";
    const body = await response.bytes();
    const envelope = openForm(body, formBoundary(contentType) ?? "");
    if (!("address" in envelope)) throw new Error(envelope.malformed);
    const names = form.getAll("model").map(String);
    expect(envelope.name).toBe(names.findLast((name) => name !== "") ?? "");

    const readBack = await new Response(envelope.address("org/new:8b"), {
      headers: { "content-type": contentType },
    }).formData();
    expect(readBack.getAll("model").map(String)).toEqual(names.map(() => "org/new:8b"));
    expect(await contents(readBack)).toEqual(await contents(form));
  });
});

test("no damage to a form is worse than not finding its fields", () => {
  forSeeds(2000, (random) => {
    const at = random.below(FORM.length);
    const damage = random.pick(["", "\r\n", "\r\n--b", "--b--", '"', "\\", ";", "\0"]);
    const body = Buffer.from(FORM.slice(0, at) + damage + FORM.slice(at + random.below(3)));
    for (const { start, end } of findFormFields(body, "b", "model") ?? []) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(body.length);
    }
  });
});

/** Up to two models among texts and files, whose bytes look like boundaries and headers now and then. */
function randomForm(random: Random): FormData {
  const form = new FormData();
  const contents = ["", "\r\n", "--", "\r\n--\r\n", `\r\n\r\n${HEADER}\r\n\r\nfake`, "né🦙"] as const;
  const fields = random.list(random.below(4), () => () => {
    if (random.chance(0.5)) form.append("language", random.pick(contents));
    else
      form.append(
        "file",
        new Blob([random.bytes(random.below(300)), random.pick(contents)]),
        "a; name=model",
      );
  });
  const names = random.list(
    random.below(3),
    () => () => form.append("model", random.pick(["", "tiny", "né 🦙"])),
  );
  for (const append of random.shuffled([...fields, ...names])) append();
  return form;
}

/** What a form holds beside the model, files as their names and bytes. */
async function contents(form: { getAll(name: string): unknown[] }): Promise<unknown[]> {
  const values = ["language", "file"].flatMap((name) => form.getAll(name));
  return Promise.all(
    values.map(async (value) =>
      value instanceof File ? [value.name, Buffer.from(await value.bytes()).toString("hex")] : value,
    ),
  );
}
