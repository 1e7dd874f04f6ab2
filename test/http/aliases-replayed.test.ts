/** The alias API answers each call as the last Ollama that had it did: status, content type and body, byte for byte. */

import { beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, setAliases } from "../support/alias-api.ts";
import { capture, captures } from "../support/captures.ts";
import { managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { type Said, saidIn, say } from "../support/say.ts";

/** A call that was captured, or the alias that was made between two that were. */
type Step = string | Readonly<Record<string, string>>;

const DEL: Step = { alias: "del", target: "tiny" };

/** What was asked of that Ollama, in the order it was. */
const STEPS: readonly Step[] = [
  ...["list-empty", "create", "list-one", "create-again", "create-overwrite", "create-overwrite-case"],
  ...["list-after-case", "create-latest", "list-after-latest"],
  ...["create-namespace", "create-host", "create-tag", "create-spaces", "create-default-host"],
  ...["create-target-unknown", "create-target-case", "create-unknown-field", "create-duplicate-key"],
  ...["create-key-case", "create-trailing-data", "create-cloud-alias", "create-cloud-target", "list-many"],

  ...["err-array", "err-badjson", "err-empty-body", "err-null-body", "err-null", "err-type"],
  ...["err-blank-alias", "err-empty-alias", "err-empty-target", "err-missing-both", "err-missing-target"],
  ...["err-invalid-alias", "err-invalid-alias-slashes", "err-invalid-both", "err-invalid-target"],
  ...["err-prefix-type", "err-self", "err-self-case", "err-self-latest", "err-self-library"],
  ...["err-shadow", "err-shadow-case"],
  { alias: "cy1", target: "cy2" },
  "err-cycle-2",
  { alias: "cy2", target: "cy3" },
  "err-cycle-3",

  // a model comes by the alias's name
  ...["copy-onto-alias", "create-while-shadowed", "list-while-shadowed", "delete-while-shadowed"],
  "create-shadowed-anew",

  ...[DEL, "delete", "delete-404", DEL, "delete-case", DEL, "delete-latest", DEL, "delete-library"],
  ...[DEL, "delete-spaces", DEL, "delete-unknown-field", "delete-404-invalid"],
  ...["delete-err-badjson", "delete-err-empty-body", "delete-err-empty", "delete-err-missing"],
  ...["delete-err-othername", "delete-err-query"],
];

/** The same once all of those were deleted. */
const PREFIX_STEPS: readonly Step[] = [
  ...["list-after-delete", "prefix-create", "prefix-list", "prefix-overwrite", "prefix-list-overwritten"],
  ...["prefix-longer", "prefix-and-exact", "prefix-and-exact-list", "prefix-and-exact-delete"],
  ...["prefix-and-exact-list-after", "prefix-star", "prefix-invalid-name", "prefix-slash", "prefix-shadow"],
  ...["prefix-self", "prefix-latest", "prefix-tag", "prefix-err-empty", "prefix-err-target"],
  ...["prefix-delete-star", "prefix-delete-invalid-name", "prefix-delete-case"],
];

/** Where the router promises something else: `aliases-unlike-ollama.test.ts` says what. */
const ELSEWHERE = [
  ...["err-head-405", "err-put-405", "err-path-404", "slash-redirect", "options-preflight"],
  ...["prefix-delete-slash", "prefix-list-odd"],
  ...["file-bad-create", "file-bad-list", "file-cycle-create", "file-list", "file-version2-list"],
];

test("every capture of the alias API is replayed, or known to be answered otherwise", () => {
  const ofAliases = [...captures("ollama-alias-").values()].filter(({ request }) =>
    request?.path.startsWith("/api/experimental/aliases"),
  );
  const replayed = [...STEPS, ...PREFIX_STEPS].filter((step) => typeof step === "string");
  expect([...replayed, ...ELSEWHERE].sort()).toEqual(
    [...ofAliases.map(({ name }) => name.replace("ollama-alias-", "")), "copy-onto-alias"].sort(),
  );
});

describe.each(ALIAS_PATHS)("%s", (path) => {
  const answers = new Map<string, Said>();

  beforeAll(async () => {
    for (const steps of [STEPS, PREFIX_STEPS]) {
      await using engine = await managingOllama(["tiny", "other"]);
      await using router = await routerOver(
        { box: { url: engine.url, engine: "ollama" } },
        // that Ollama made models of copies
        '[server]\ncopy = "model"\n',
      );
      for (const step of steps) {
        if (typeof step === "string") answers.set(step, await replay(step, path, router));
        else await setAliases(router, step);
      }
    }
  });

  const compared = [...STEPS, ...PREFIX_STEPS].filter((step) => typeof step === "string");
  test.each(compared)("%s", (step) => {
    const said = saidIn(`ollama-alias-${step}`);
    expect(shown(answers.get(step))).toEqual(shown({ ...said, body: withOptions(said.body) }));
  });
});

/** That Ollama did not know the options that one of the aliases was made with. */
function withOptions(body: string): string {
  return body.replace(
    '{"alias":"uf","target":"tiny"}',
    '{"alias":"uf","target":"tiny","options":{"num_ctx":1}}',
  );
}

function replay(step: string, path: string, { port }: Mellamo): Promise<Said> {
  const { request } = capture(`ollama-alias-${step}`);
  if (request === undefined) throw new Error(`${step} has no request`);
  const asked = request.path.replace("/api/experimental/aliases", path);
  return say(port, `${request.method} ${asked}`, request.headers, request.body);
}

/** What a client sees. */
function shown(answer: Said | undefined): object | undefined {
  return answer && { status: answer.status, type: answer.headers.get("content-type"), body: answer.body };
}
