/** Warns of parameters in a configuration that some clients, or all, will not get. */

import type { BackendSettings, Config } from "../config/config.ts";
import { unmetTexts } from "../dialects/unmet.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import { type Entry, storedAlias } from "../domain/entry.ts";
import { keyOf } from "../domain/name.ts";
import { engineNamed } from "../engines/detect.ts";
import type { Engine } from "../engines/engine.ts";
import { aliasTitle } from "./alias-text.ts";

/** Which engines there are, as far as is known. */
export interface KnownEngines {
  readonly all: readonly Engine[];
  readonly at: (backend: BackendSettings) => readonly Engine[];
  /** Those that have what a name stands for. */
  readonly behind: (name: string) => readonly Engine[];
}

/** Without asking anybody: an engine that the file does not name may well be an Ollama, whose words parameters are. */
export function namedEngines({ backends, pins }: Config): KnownEngines {
  const at = ({ engine }: BackendSettings): readonly Engine[] => [engineNamed(engine ?? "ollama")];
  const all = backends.flatMap(at);
  const behind = (name: string): readonly Engine[] => {
    const homes = pins.get(keyOf(name));
    return homes === undefined ? all : backends.filter((one) => homes.includes(one.name)).flatMap(at);
  };
  return { all, at, behind };
}

/** A line for each. */
export function parameterNotes(config: Config, entries: readonly Entry[], engines: KnownEngines): string[] {
  const { defaults, backends, models, aliases } = config;
  const ofAlias = (alias: Alias): readonly Engine[] =>
    isPattern(alias) ? engines.all : engines.behind(alias.name);
  return [
    ...unmetTexts(defaults, engines.all).map((why) => `[defaults]: ${why}`),
    ...backends.flatMap((backend) =>
      unmetTexts(backend.parameters, engines.at(backend)).map((why) => `backend "${backend.name}": ${why}`),
    ),
    ...[...models].flatMap(([model, parameters]) =>
      unmetTexts(parameters, engines.behind(model)).map((why) => `model "${model}": ${why}`),
    ),
    ...[...aliases, ...entries.map(storedAlias)].flatMap((alias) =>
      unmetTexts(alias.parameters, ofAlias(alias)).map((why) => `${aliasTitle(alias)}: ${why}`),
    ),
  ];
}
