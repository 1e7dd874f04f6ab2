/** `mellamo check` tells which parameters do not get through, and to whom; where all do, it says nothing. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type AliasFolder, aliasFolder, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** The lines that are told. */
async function told(here: AliasFolder, ...args: string[]): Promise<string[]> {
  const { status, out, err } = await here.run("check", ...args);
  expect([out.startsWith("config.toml: ok ("), status]).toEqual([true, 0]);
  return err.split("\n").slice(0, -1);
}

const NOBODY = "http://127.0.0.1:9";

test.concurrent("every level is told of, without asking anybody", async () => {
  const toml = `
    [defaults]
    options = { num_ctx = 8192, temperature = 0 }
    [[backend]]
    name = "box"
    url = "${NOBODY}"
    engine = "ollama"
    keep_alive = "5m"
    [[backend]]
    name = "attic"
    url = "http://127.0.0.1:19"
    engine = "llamacpp"
    force = { options = { num_ctx = 1 }, keep_alive = -1 }
    [models]
    "qwen3:4b" = { options = { num_gpu = 1 } }
    [aliases]
    fast = { targets = ["qwen3:4b"], force = { options = { num_ctx = 4096 } } }
    "gpt-*" = { targets = ["qwen3:4b"], keep_alive = 60 }
    plain = "qwen3:4b"
    fine = { targets = ["qwen3:4b"], options = { temperature = 1, num_predict = 5, top_p = 1 } }
  `;
  const store = storeText(
    { alias: "kept", target: "qwen3:4b", options: { num_ctx: 1 } },
    { alias: "kept-", target: "qwen3:4b", prefix_matching: true, force: { keep_alive: 5 } },
    { alias: "well", target: "qwen3:4b", options: { temperature: 1 } },
  );
  await using here = await aliasFolder("in the file", toml, store);
  expect(await told(here)).toEqual([
    "warning: [defaults]: clients of /v1 do not get num_ctx",
    'warning: backend "box": clients of /v1 do not get keep_alive',
    'warning: backend "attic": num_ctx, keep_alive cannot be asked of llama.cpp',
    'warning: model "qwen3:4b": clients of /v1 do not get num_gpu',
    'warning: alias "fast": clients of /v1 do not get num_ctx',
    'warning: alias "gpt-*": clients of /v1 do not get keep_alive',
    'warning: stored alias "kept": clients of /v1 do not get num_ctx',
    'warning: stored alias "kept-*": clients of /v1 do not get keep_alive',
  ]);
});

test.concurrent("an engine that the file does not name may be an Ollama", async () => {
  const toml = `[defaults]\nkeep_alive = "5m"\n${backendTable("box", NOBODY)}`;
  await using here = await aliasFolder("in the file", toml);
  expect(await told(here)).toEqual(["warning: [defaults]: clients of /v1 do not get keep_alive"]);
});

test.concurrent("a model that is pinned is asked of its own engines alone", async () => {
  const toml = `
    ${backendTable("box", NOBODY)}
    ${backendTable("attic", "http://127.0.0.1:19", 'engine = "llamacpp"')}
    [models]
    here = { backend = "box", options = { num_ctx = 8192 } }
    there = { backend = "attic", options = { num_ctx = 8192 } }
    both = { backend = ["attic", "box"], options = { num_ctx = 8192 } }
  `;
  await using here = await aliasFolder("in the file", toml);
  expect(await told(here)).toEqual([
    'warning: model "here": clients of /v1 do not get num_ctx',
    'warning: model "there": num_ctx cannot be asked of llama.cpp',
    'warning: model "both": clients of /v1 do not get num_ctx',
  ]);
});

test.concurrent("where all gets through there is silence", async () => {
  const toml = `
    [defaults]
    options = { temperature = 0, top_p = 1, num_predict = -1, seed = -1 }
    ${backendTable("box", NOBODY, 'engine = "ollama"\nforce = { options = { temperature = 0 } }')}
    [aliases]
    x = { targets = ["m"], options = { num_predict = 100 } }
  `;
  await using here = await aliasFolder("in the file", toml);
  expect(await told(here)).toEqual([]);
});

test.concurrent("--live looks who has a name, and what that engine can be asked", async () => {
  await using ollama = await rawBackend(["small", "both"], noSuchPath, "ollama");
  await using llama = await rawBackend(["big", "both"], noSuchPath);
  const toml = `
    ${backendTable("box", ollama.url)}
    ${backendTable("attic", llama.url, 'engine = "llamacpp"')}
    [models]
    big = { options = { num_ctx = 8192 } }
    small = { options = { num_ctx = 8192 } }
    [aliases]
    hot = { targets = ["big"], options = { top_k = 5, temperature = 1 } }
    two = { targets = ["both"], force = { options = { num_ctx = 4096 } } }
    three = { targets = ["hot"], keep_alive = "5m" }
    "any-*" = { targets = ["big"], keep_alive = "5m" }
    well = { targets = ["big"], force = { options = { num_predict = 5 } } }
  `;
  const store = storeText({ alias: "kept", target: "big", options: { num_gpu: 1 } });
  await using here = await aliasFolder("in the file", toml, store);
  expect(await told(here, "--live")).toEqual([
    'warning: model "big": num_ctx cannot be asked of llama.cpp',
    'warning: model "small": clients of /v1 do not get num_ctx',
    'warning: alias "hot": clients of /v1/responses do not get top_k',
    'warning: alias "two": clients of /v1 do not get num_ctx',
    'warning: alias "three": keep_alive cannot be asked of llama.cpp',
    'warning: alias "any-*": clients of /v1 do not get keep_alive',
    'warning: stored alias "kept": num_gpu cannot be asked of llama.cpp',
  ]);
});
