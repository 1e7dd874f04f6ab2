/** What each key of the configuration file may hold. Keys are `snake_case` there and `camelCase` here. */

import * as v from "valibot";

import { ENGINE_NAMES } from "../engines/engine.ts";
import { LOG_LEVELS } from "../telemetry/log.ts";
import { closed } from "./closed.ts";
import { parseListen } from "./listen.ts";
import { parseDuration, parseSize } from "./units.ts";

/** A text that `parse` turns into something else; undefined from it means that the text is no such thing. */
function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return v.pipe(
    v.string(expected),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: `${expected}, got ${JSON.stringify(dataset.value)}` });
      return NEVER;
    }),
  );
}

/** A timer cannot wait longer than 2^31 - 1 ms; asked to, it does not wait at all. */
const duration = v.pipe(
  parsed('expected a duration such as "2s"', parseDuration),
  v.maxValue(24 * 86_400_000, "expected a duration of at most 24 days"),
);
const positiveDuration = v.pipe(duration, v.minValue(1, "expected a duration of more than nothing"));
const size = parsed('expected a size such as "256MiB"', (text) => {
  const bytes = parseSize(text);
  return bytes === undefined ? undefined : { bytes, text };
});
const listen = parsed('expected "host:port", ":port", "[::1]:port" or "unix:/path"', parseListen);
const flag = v.boolean("expected true or false");
const integer = v.pipe(v.number("expected an integer"), v.safeInteger("expected an integer"));

const texts = v.array(v.string("expected a string"), "expected a list of strings");

function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `expected ${words.map((word) => JSON.stringify(word)).join(", ")}`);
}

/** A text without letters that would need quoting in logs and headers. */
const backendName = v.pipe(
  v.string("expected a string"),
  v.regex(/^[\w.:-]{1,100}$/, "expected a name of letters, digits, dots, dashes and underscores"),
);

const url = v.pipe(
  v.string("expected a URL"),
  v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
    const fault = urlFault(dataset.value);
    if (fault === undefined) return new URL(dataset.value).origin;
    addIssue({ message: fault });
    return NEVER;
  }),
);

/** What is wrong with a backend's URL; never quotes it, for it may hold a password. */
function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return !text.includes("://") && URL.canParse(`http://${text}`)
      ? "expected a URL: put http:// or https:// in front"
      : 'expected a URL such as "http://127.0.0.1:11434"';
  }
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:")
    return "expected a URL that begins with http:// or https://";
  if (username !== "" || password !== "") return 'expected a URL without credentials: put them in "key"';
  if (pathname === "/" && search === "" && hash === "") return undefined;
  return `expected a URL without a path: leave out ${JSON.stringify(pathname + search + hash)}, the router adds what follows the port`;
}

/** What may stand in a header; an empty one is none. */
const key = v.pipe(
  v.string("expected a string"),
  v.regex(/^[\x21-\x7e]*$/, "expected printable characters without blanks"),
  v.transform((text) => (text === "" ? undefined : text)),
);

export const BackendEntry = closed({
  name: v.optional(backendName),
  url,
  engine: v.optional(oneOf(ENGINE_NAMES)),
  priority: v.optional(integer, 100),
  key: v.optional(key),
  include: v.optional(texts, ["*"]),
  exclude: v.optional(texts, []),
  probe_interval: v.optional(positiveDuration),
  probe_timeout: v.optional(positiveDuration),
});

const target = v.lazy((input) =>
  typeof input === "string"
    ? v.pipe(
        v.string(),
        v.transform((model) => ({ model })),
      )
    : closed(
        { model: v.string("expected a string"), backend: v.optional(v.string("expected a string")) },
        'expected a model\'s name or { model = "…", backend = "…" }',
      ),
);

const targets = v.pipe(
  v.array(target, "expected a list of targets"),
  v.minLength(1, "expected at least one target"),
);

const longAlias = closed(
  {
    targets,
    strategy: v.optional(oneOf(["pool", "order"]), "pool"),
    listed: v.optional(flag, true),
    echo: v.optional(flag, true),
  },
  "expected a model's name, a list of them, or a table with targets",
);

/** A name, a list of targets or a table: all read into the table's shape. */
export const AliasEntry = v.lazy((input) => {
  const short = typeof input === "string" || Array.isArray(input);
  if (!short) return longAlias;
  return v.pipe(
    v.unknown(),
    v.transform((value) => (Array.isArray(value) ? value : [value])),
    targets,
    v.transform((list) => ({ targets: list, strategy: "pool" as const, listed: true, echo: true })),
  );
});

/** The backends of a pin: one, several, or a table that names them. */
export const PinEntry = v.lazy((input) => {
  const names = v.lazy((value) =>
    Array.isArray(value)
      ? v.pipe(texts, v.minLength(1, "expected at least one backend"))
      : v.pipe(
          v.string("expected a backend's name or a list of them"),
          v.transform((name) => [name]),
        ),
  );
  if (typeof input === "string" || Array.isArray(input)) return names;
  return v.pipe(
    closed({ backend: names }, "expected a backend's name, a list of them, or a table"),
    v.transform(({ backend }) => backend),
  );
});

/** Its entries are read one by one: their keys are names that people choose. */
const named = v.custom<object>(
  (input) => typeof input === "object" && input !== null && !Array.isArray(input),
  "expected a table",
);

const server = {
  listen: v.optional(listen, "127.0.0.1:11435"),
  max_body: v.optional(size, "256MiB"),
  drain: v.optional(duration, "30s"),
  origins: v.optional(texts, []),
  copy: v.optional(oneOf(["alias", "model"]), "alias"),
};
const health = {
  probe_interval: v.optional(positiveDuration, "10s"),
  probe_timeout: v.optional(positiveDuration, "2s"),
};
const store = {
  path: v.optional(
    v.pipe(
      v.string("expected the path of a file"),
      v.regex(/^[^\0]*[^\0\s/\\]$/, "expected the path of a file"),
    ),
  ),
};
const log = {
  level: v.optional(oneOf(LOG_LEVELS), "info"),
  format: v.optional(oneOf(["logfmt", "json"]), "logfmt"),
};

export const ServerSection = closed(server);

export const ConfigFile = closed(
  {
    server: v.optional(ServerSection, {}),
    health: v.optional(closed(health), {}),
    listing: v.optional(closed({ aliases: v.optional(flag, true) }), {}),
    store: v.optional(closed(store), {}),
    log: v.optional(closed(log), {}),
    backend: v.optional(v.array(BackendEntry, "expected [[backend]] tables"), []),
    models: v.optional(named, {}),
    aliases: v.optional(named, {}),
  },
  "expected a table",
  { server, health, store, log },
);
