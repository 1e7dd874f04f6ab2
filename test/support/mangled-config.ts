/** Configurations that somebody has mangled, and whether they are read as they should be. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Environment } from "../../src/config/environment.ts";
import { readConfig } from "../../src/config/read.ts";
import { Random } from "./random.ts";
import { writeToml } from "./toml-writer.ts";

export const ENVIRONMENT: Environment = { KEY: "k" };

/** One of everything. No engine listens where its backends are. */
export const VALID = `# all there is
[server]
listen = "127.0.0.1:\${PORT:-0}"
max_body = "64MiB"
drain = "1m30s"
origins = ["https://chat.example.org", '*']

[health]
probe_interval = "5s"

[log]
level = 'warn' # or less
format = "json"

[[backend]]
name = "gpu"
url = "http://127.0.0.1:9"
key = "\${KEY}"
include = [
  "qwen*", # and
  "llama*",
]

[[backend]]
url = "https://[::1]:9"
engine = "vllm"
priority = 50

[models]
"qwen3:32b" = ["gpu", "[::1]:9"]
mixtral = { backend = "gpu" }

[aliases]
fast = "qwen3:4b"
"gpt-*" = """fast"""
"openai/*" = ["*", { model = "fast", backend = "gpu" }]
__proto__ = { targets = ["constructor"], listed = false }

[aliases.slow]
targets = ["mixtral"]
strategy = "order"
`;

/** The reference, with its examples in force. */
const REFERENCE = (await readFile(join(import.meta.dir, "..", "..", "config.toml"), "utf8")).replaceAll(
  /^#(?=\S)/gm,
  "",
);

const PIECES = [
  ..."[]{}=.,\"'#\n\r\t \\$*:-0xé\u{1f600}\u0000\uFEFF",
  "[[",
  "]]",
  '"""',
  "'''",
  "${",
  "$${",
  "${NOPE}",
  "\\u0000",
  "__proto__",
  "1979-05-27",
  "nan",
  "true",
  "-1",
  "aliases",
  "backend",
  'fast = "fast"',
];

/** `text` after up to three accidents. */
export function mangled(text: string, random: Random): string {
  let now = text;
  for (let times = 1 + random.below(3); times > 0; times--) now = mutate(now, random);
  return now;
}

function mutate(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const end = at + random.below(random.pick([2, 10, 200]));
  const lines = text.split("\n");
  const line = random.below(lines.length);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at + 1);
    case 3:
      return lines.toSpliced(line, 1).join("\n");
    case 4:
      return lines.toSpliced(random.below(lines.length), 0, lines[line] ?? "").join("\n");
    default:
      return text.slice(0, at) + text.slice(at, end).toUpperCase() + text.slice(end);
  }
}

/** Why reading this would have helped nobody; undefined where all is well. */
function failureOf(text: string): string | undefined {
  const read = readConfig(text, "f", ENVIRONMENT);
  if (read.kind === "config") return undefined;
  if (read.mistakes.length === 0) return "neither a configuration nor a mistake";
  const lines = text.split("\n");
  let last = 0;
  for (const { line, column, message } of read.mistakes) {
    const width = lines[line - 1]?.length ?? -1;
    if (!(column >= 1 && column <= width + 1)) return `no place ${line}:${column} in the file (${message})`;
    if (line < last) return `the mistake of line ${line} after that of line ${last}`;
    if (message.trim() === "") return "a mistake without a word";
    last = line;
  }
  return undefined;
}

export interface Readings {
  readonly config: number;
  readonly mistakes: number;
}

/** Reads `count` mangled files, from the seed `first` on; throws at one that is not read as it should be. */
export function readMangled(count: number, first: number): Readings {
  const read = { config: 0, mistakes: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const random = new Random(seed);
    const kind = random.below(10);
    const whole = kind === 0 ? writeToml(random).toml : kind <= 3 ? REFERENCE : VALID;
    const text = mangled(whole, random);
    try {
      const failure = failureOf(text);
      if (failure !== undefined) throw new Error(failure);
      read[readConfig(text, "f", ENVIRONMENT).kind]++;
    } catch (failure) {
      throw new Error(`Seed ${seed} makes this file:\n${text}`, { cause: failure });
    }
  }
  return read;
}
