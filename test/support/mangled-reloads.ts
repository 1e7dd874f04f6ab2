/** Has a running router load mangled files one after the other, and checks each time what it runs under. */

import { rename, writeFile } from "node:fs/promises";

import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { ENVIRONMENT, mangled, type Readings, VALID } from "./mangled-config.ts";
import { cleanEnv, type Mellamo, mellamo } from "./mellamo.ts";
import { Random } from "./random.ts";
import { reload } from "./reloading.ts";

/** It says when it listens. */
const TELLING = VALID.replace("'warn'", "'info'").replace('"json"', '"logfmt"');

interface Shown {
  readonly aliases: readonly { readonly name: string; readonly targets: readonly object[] }[];
  readonly backends: readonly { readonly name: string; readonly url: string }[];
}

/** What can be seen of a configuration from outside; backends that nobody named are not seen. */
function shownBy({ aliases, backends }: Config): Shown {
  return {
    aliases: aliases.map(({ name, targets }) => ({ name, targets })),
    backends: backends.filter(({ presumed }) => !presumed).map(({ name, origin }) => ({ name, url: origin })),
  };
}

async function shownNow(router: Mellamo): Promise<Shown> {
  const { aliases, backends } = (await (await fetch(`${router.url}/mellamo/status`)).json()) as Shown;
  return {
    aliases: aliases.map(({ name, targets }) => ({ name, targets })),
    backends: backends
      .filter(({ name }) => !name.startsWith("local-"))
      .map(({ name, url }) => ({ name, url })),
  };
}

/** Loads `count` mangled files, from the seed `first` on; throws at one after which the router is not as it should be. */
export async function loadMangled(count: number, first: number): Promise<Readings> {
  const env = cleanEnv({ KEY: ENVIRONMENT["KEY"] ?? "" });
  const taken = { config: 0, mistakes: 0 };
  await using router = await mellamo(TELLING, { env });
  let shown = await shownNow(router);
  for (let seed = first; seed < first + count; seed++) {
    const text = mangled(VALID, new Random(seed));
    const read = readConfig(text, router.file, env);
    taken[read.kind]++;
    if (read.kind === "config") shown = shownBy(read.config);
    const trouble = await troubleAfter(text, read.kind, shown, router).catch(String);
    if (trouble !== undefined) throw new Error(`Seed ${seed}: ${trouble}, with this file:\n${text}`);
  }
  const status = await router.end("SIGTERM");
  if (status !== 0) throw new Error(`It ended with ${status}`);
  const bugs = router.log.all.filter((line) => /"event":"bug"|event=bug|^\s+at /.test(line));
  if (bugs.length > 0) throw new Error(`Bugs in the log:\n${bugs.join("\n")}`);
  return taken;
}

/** Saves a file, has it loaded, and tells what is wrong with what comes of it. */
async function troubleAfter(
  text: string,
  kind: "config" | "mistakes",
  shown: Shown,
  router: Mellamo,
): Promise<string | undefined> {
  await writeFile(`${router.file}.new`, text);
  await rename(`${router.file}.new`, router.file);
  const { status, body } = await reload(router);
  if (status !== (kind === "config" ? 200 : 400))
    return `answered ${status} ${JSON.stringify(body)} to what is ${kind}`;
  if (kind === "mistakes" && body.mistakes?.length === 0) return `refused without a mistake: ${body.error}`;
  const now = await shownNow(router);
  return Bun.deepEquals(now, shown) ? undefined : `runs under ${JSON.stringify(now)}`;
}
