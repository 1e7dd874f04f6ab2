/** Puts environment variables into the string values of a configuration. */

import type { Fault } from "./mistake.ts";
import type { Path } from "./places.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` stands for a `${` of its own. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;

/**
 * A copy of `value` in which `${NAME}` and `${NAME:-default}` in strings are replaced, keys left alone. Faults are
 * added for variables that are not set and have no default. An empty variable is a set one.
 */
export function expandVariables(value: unknown, env: Environment, faults: Fault[], path: Path = []): unknown {
  if (typeof value === "string") return expandText(value, env, faults, path);
  if (Array.isArray(value))
    return value.map((item, index) => expandVariables(item, env, faults, [...path, index]));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, expandVariables(item, env, faults, [...path, key])]),
  );
}

function expandText(text: string, env: Environment, faults: Fault[], path: Path): string {
  return text.replace(REFERENCE, (reference, inner?: string) => {
    if (reference === "$${") return "${";
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-([^]*))?$/.exec(inner ?? "") ?? [];
    const value = name === undefined ? undefined : (valueOf(env, name) ?? fallback);
    if (value !== undefined) return value;
    faults.push({ path, message: faultText(reference, inner, name) });
    return "";
  });
}

function faultText(reference: string, inner: string | undefined, name: string | undefined): string {
  if (inner === undefined) return 'a "${" without its "}" ("$${" stands for one that is meant as it is)';
  if (name === undefined) return `"${reference}" names no environment variable`;
  return `environment variable ${name} is not set`;
}

/** Not what every object has, such as "constructor". */
function valueOf(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
