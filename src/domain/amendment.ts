/** Which changes may be made to the stored aliases, and in Ollama's words why others may not. */

import { type Alias, isPattern, type Target } from "./alias.ts";
import { bookOf, nameIdentity } from "./book.ts";
import { chainFaultOf } from "./chains.ts";
import { type Entry, storedAlias } from "./entry.ts";
import { fold, isName, keyOf } from "./name.ts";
import { isOllamaName, shortestName } from "./ollama-name.ts";
import { type Problem, quoted } from "./problem.ts";
import { FAULT_TEXTS } from "./resolve.ts";
import type { IsModel } from "./step.ts";

/** What an amendment has to fit in with. */
export interface Surroundings {
  /** The aliases of the file. */
  readonly config: readonly Alias[];
  /** The names of the backends that targets may be on. */
  readonly backends: readonly string[];
  readonly isModel: IsModel;
  /** Whether a name is that of a model which may be asked for by it; left out: all may. */
  readonly isOpen?: IsModel;
}

/** As people write entries: blanks around names do not count, and names are kept in their short form. */
function normalised(entry: Entry): Entry {
  return {
    ...entry,
    alias: shortestName(entry.alias),
    target: shortestName(entry.target),
    targets: entry.targets?.map((target) =>
      typeof target === "string" ? shortestName(target) : { ...target, model: shortestName(target.model) },
    ),
  };
}

/** What is to become of the entries; `remove` wants one that is there. */
export type Change = { readonly set: Entry } | { readonly remove: Entry };

/** Decides on a change when it sees the entries as they are at that very moment, or says why there is none. */
export type Decide = (entries: readonly Entry[]) => Change | Problem;

/** Puts an entry, written as people write it, in the place of the one of its name or beside the others. */
export function setting(entry: Entry, around: Surroundings): Decide {
  const wanted = normalised(entry);
  const asked = entry.alias.trim();
  const identity = nameIdentity(storedAlias(wanted));
  return (entries) => {
    const others = entries.map(storedAlias).filter((one) => nameIdentity(one) !== identity);
    return whyNotSet(wanted, asked, others, around) ?? { set: wanted };
  };
}

/**
 * Takes the entry of a name out; where there are both, the exact one before the prefix, unless it is said which. The
 * name may be any text: entries that were written by hand have all kinds. What the file defines is out of reach, and so
 * is an entry that it hides, unless that is what is meant.
 */
export function removal(
  name: string,
  isPrefix: boolean | undefined,
  { config }: Surroundings,
  hidden: "kept" | "removed" = "kept",
): Decide {
  const text = name.trim();
  const book = bookOf(config);
  const isWritten = config.some((alias) => isPattern(alias) && fold(alias.name) === fold(text));
  return (entries) => {
    if (text === "") return refused("alias is required");
    if (isPrefix !== true) {
      const exact = exactEntry(entries, text);
      const isHidden = exact !== undefined && hidden === "removed";
      if (book.configured(text) !== undefined && !isHidden) return definedInFile(text);
      if (exact !== undefined) return { remove: exact };
    }
    if (isPrefix !== false) {
      const prefix = prefixEntry(entries, text);
      const isHidden = prefix !== undefined && hidden === "removed";
      const inFile = prefixesOf(text).some((one) => book.isConfigured({ name: text, pattern: [one, ""] }));
      if (inFile && !isHidden) return definedInFile(text);
      if (prefix !== undefined) return { remove: prefix };
    }
    return isWritten ? definedInFile(text) : { problem: "not found", text: `alias ${shown(text)} not found` };
  };
}

function exactEntry(entries: readonly Entry[], name: string): Entry | undefined {
  const exact = entries.filter((entry) => entry.prefix_matching !== true);
  return (
    exact.find((entry) => entry.alias === name) ?? exact.find((entry) => keyOf(entry.alias) === keyOf(name))
  );
}

function prefixEntry(entries: readonly Entry[], prefix: string): Entry | undefined {
  const texts = prefixesOf(prefix);
  return entries.find((entry) => entry.prefix_matching === true && texts.includes(fold(entry.alias)));
}

/** What a prefix may be kept as: in the short form of a name, or as any text. */
function prefixesOf(prefix: string): string[] {
  return [fold(prefix), fold(shortestName(prefix))];
}

/** Why a normalised entry, whose name was `asked` for, cannot be put among the others; undefined: it can. */
function whyNotSet(
  entry: Entry,
  asked: string,
  others: readonly Alias[],
  around: Surroundings,
): Problem | undefined {
  return whyNoEntry(entry, around) ?? whyTaken(entry, asked, around) ?? whyNotFollowed(entry, others, around);
}

/** More stand for nothing that can be resolved. */
const MAX_TARGETS = 999;

function whyNoEntry(entry: Entry, around: Surroundings): Problem | undefined {
  const { targets } = storedAlias(entry);
  const isPrefix = entry.prefix_matching === true;
  if (targets.length > MAX_TARGETS) return refused(`more than ${MAX_TARGETS} targets`);
  if (entry.alias === "" || targets.some(({ model }) => model === ""))
    return refused("alias and target are required");
  const badTarget = targets.find((target) => !isTargetName(target, around));
  if (badTarget !== undefined) return refused(`target ${shown(badTarget.model)} is invalid`);
  const elsewhere = targets.find(
    ({ backend }) => backend !== undefined && !around.backends.includes(backend),
  )?.backend;
  if (elsewhere !== undefined) return refused(`no backend is called ${shown(elsewhere)}`);
  if (!(isPrefix ? isName(entry.alias) : isOllamaName(entry.alias)))
    return refused(`alias ${shown(entry.alias)} is invalid`);
  const isItself = ({ model, backend }: Target): boolean =>
    backend === undefined && keyOf(model) === keyOf(entry.alias);
  return !isPrefix && targets.some(isItself) ? refused("alias cannot point to itself") : undefined;
}

/** Engines other than Ollama have names of their own, such as `org/repo/file@q4`. */
const FOREIGN_NAME = /^[\w./:@+~#=,()-]+$/;

function isTargetName({ model, backend }: Target, { config, isModel }: Surroundings): boolean {
  if (!isName(model)) return false;
  if (isOllamaName(model) || FOREIGN_NAME.test(model)) return true;
  return isModel(model, backend) || bookOf(config).configured(model) !== undefined;
}

function whyTaken(
  entry: Entry,
  asked: string,
  { config, isModel, isOpen = isModel }: Surroundings,
): Problem | undefined {
  const alias = storedAlias(entry);
  if (bookOf(config).isConfigured(alias)) return definedInFile(asked);
  return alias.pattern === undefined && isOpen(entry.alias)
    ? refused(`alias ${shown(asked)} conflicts with existing model`)
    : undefined;
}

function whyNotFollowed(
  entry: Entry,
  others: readonly Alias[],
  { config, isModel }: Surroundings,
): Problem | undefined {
  const alias = storedAlias(entry);
  const fault = chainFaultOf(alias, bookOf(config, [...others, alias]), isModel);
  return fault && refused(FAULT_TEXTS[fault]);
}

/** The answer to a change of what only the configuration may say. */
export function definedInFile(alias: string): Problem {
  return { problem: "conflict", text: `alias ${shown(alias)} is defined in the configuration file` };
}

function refused(text: string): Problem {
  return { problem: "bad request", text };
}

function shown(name: string): string {
  return JSON.stringify(quoted(name));
}
