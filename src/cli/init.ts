/** `mellamo init`: writes a configuration from what is found running. */

import * as v from "valibot";

import { url } from "../config/values.ts";
import {
  type Arguments,
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  MISUSED,
  OK,
  type Option,
  say,
  textOption,
  textsOption,
} from "./command.ts";
import { configFlag, newConfigFile, writeConfigFile } from "./init/file.ts";
import { lookForEngines } from "./init/look.ts";
import { initText } from "./init/text.ts";

const FILE: Option = {
  ...CONFIG_OPTION,
  help: "where to write it (else $MELLAMO_CONFIG, else ~/.config/mellamo/config.toml)",
};

const BACKEND: Option = {
  name: "backend",
  value: "URL",
  isMany: true,
  help: "an engine elsewhere, such as http://workstation:11434; may be given several times",
};

const PRINT: Option = { name: "print", help: "print the configuration, and write nothing" };

export const init: Command = {
  name: "init",
  operands: [],
  help: "write a configuration from what is found running",
  options: [FILE, BACKEND, PRINT],
  async run(args) {
    const urls = urlsOf(args);
    if (urls === undefined) return MISUSED;
    if (args.values["print"] === true) {
      say((await textFor(urls)).trimEnd());
      return OK;
    }
    const file = newConfigFile(textOption(args, FILE));
    if (file === undefined || !(await writeConfigFile(file, await textFor(urls)))) return FAILED;
    const flag = configFlag(file);
    say(`wrote ${file}
Next:
  mellamo check --live${flag}
  mellamo${flag}`);
    return OK;
  },
};

async function textFor(urls: readonly string[]): Promise<string> {
  const { backends, looked } = await lookForEngines(urls);
  return initText(backends, looked);
}

/** As origins, each once; undefined after the user was told what is wrong with one. */
function urlsOf(args: Arguments): readonly string[] | undefined {
  const origins = new Set<string>();
  for (const text of textsOption(args, BACKEND)) {
    const read = v.safeParse(url, text);
    if (!read.success) {
      complain(`mellamo init: --backend: ${read.issues[0].message}`);
      return undefined;
    }
    origins.add(read.output);
  }
  return [...origins];
}
