/** How mellamo is set up for the benchmark, and what it is asked for. */

export interface Dress {
  readonly name: string;
  readonly model: string;
  /** The name in its answers. */
  readonly answered: string;
  /** Keys of its table `[server]`. */
  readonly server?: string;
  /** Tables of its configuration, beside those that all have. */
  readonly toml?: string;
}

const ALIAS = '[aliases]\n"gpt-4o" = "tiny"\n';

/** An alias and its echo: what people have mellamo for. */
export const ON: Dress = { name: "mellamo", model: "gpt-4o", answered: "gpt-4o", toml: ALIAS };

/** The model by its own name, and what the engine calls it passes as it came. */
export const OFF: Dress = {
  name: "mellamo, alias and echo off",
  model: "tiny",
  answered: "tiny",
  toml: '[aliases]\ntiny = { targets = ["tiny"], echo = false }\n',
};

/** One thing more or less than `ON` has. */
export const DRESSES: readonly Dress[] = [
  ON,
  OFF,
  {
    ...ON,
    name: "mellamo, alias alone",
    answered: "tiny",
    toml: '[aliases]\n"gpt-4o" = { targets = ["tiny"], echo = false }\n',
  },
  { name: "mellamo, echo alone", model: "tiny", answered: "tiny" },
  { ...ON, name: "mellamo, without x-mellamo-…", server: "headers = false\n" },
  { ...ON, name: "mellamo, without a line a request", toml: `[log]\nlevel = "warn"\n${ALIAS}` },
  {
    ...ON,
    name: "mellamo, with forced options",
    toml: `[defaults]\nforce = { options = { temperature = 0.5, seed = 7 } }\n${ALIAS}`,
  },
];
