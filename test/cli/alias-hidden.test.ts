/** What the file hides in the store can be tidied away by its owner, though not by whoever deletes a name of the file. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { aliasFolder, entriesIn, PLACES, storeText } from "../support/alias-folder.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const IN_FILE = `[aliases]\nfast = "m"\n"gpt-*" = "m"\n${NO_ENGINE}`;
const NAME = { alias: "fast", target: "old" };
const PREFIX = { alias: "gpt-", target: "old", prefix_matching: true };

test.concurrent.each(PLACES)(
  "%s, alias rm removes the stored one, and then tells of the file's",
  async (where) => {
    await using here = await aliasFolder(where, IN_FILE, storeText(NAME, PREFIX));
    expect(await here.alias("rm", "fast")).toMatchObject({ status: 0, out: "removed fast\n" });
    expect(entriesIn(await here.stored())).toEqual([PREFIX]);
    expect(await here.alias("rm", "gpt-*")).toMatchObject({ status: 0, out: "removed gpt-*\n" });
    expect(entriesIn(await here.stored())).toEqual([]);
    const again = await here.alias("rm", "fast");
    expect([again.status, again.err]).toEqual([1, 'alias "fast" is defined in the configuration file\n']);
  },
);

test.concurrent.each(PLACES)(
  "%s, alias set says where, whether it is listed, and what answers say",
  async (where) => {
    const engine = '[[backend]]\nname = "box"\nurl = "http://127.0.0.1:9"\n';
    await using here = await aliasFolder(where, engine);
    const { status, out } = await here.alias(
      ...["set", "x", "y", "z", "--backend", "box", "--unlisted", "--no-echo", "--json"],
    );
    expect(status).toBe(0);
    const targets = ["y", "z"].map((model) => ({ model, backend: "box" }));
    expect(JSON.parse(out)).toEqual({ alias: "x", target: "y", targets, listed: false, echo: false });
    const elsewhere = await here.alias("set", "x", "y", "--backend", "bx");
    expect([elsewhere.status, elsewhere.err]).toEqual([1, 'no backend is called "bx"\n']);
  },
);
