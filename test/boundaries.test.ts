/** The house has floors: a file imports from its own floor or from one below, never from one above. */

import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dir, "..");
const SRC = join(ROOT, "src");

/** From the top down. A folder is a floor; files of `src` itself stand where they are named here. */
const FLOORS = [
  "main.ts",
  "cli",
  "systemd",
  "live",
  "demo",
  "http",
  "proxy",
  "fleet",
  "dialects",
  "config",
  "store",
  "files",
  "engines",
  "telemetry",
  "traffic",
  "bytes",
  "domain",
  "version.ts",
];

/** Packages a floor may use; `node:` modules and Bun are for the floors above `bytes`. */
const PACKAGES = ["valibot", "smol-toml"];
const PURE = ["bytes", "domain"];

const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith(".ts"));

interface Import {
  readonly file: string;
  readonly from: string;
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(SRC, file), "utf8");
  const scanned = new Bun.Transpiler({ loader: "ts" }).scanImports(text).map(({ path }) => path);
  // the transpiler leaves out imports of types alone
  const written = [...text.matchAll(/^(?:import|export)\b[^"']*?from "([^"]+)"/gm)].map(
    ([, path = ""]) => path,
  );
  return [...new Set([...scanned, ...written])].map((from) => ({ file, from }));
}

const imports = (await Promise.all(files.map(importsOf))).flat();

function floorOf(file: string): string {
  return file.split("/")[0] ?? "";
}

test("every file stands on a known floor", () => {
  expect([...new Set(files.map(floorOf))].sort()).toEqual([...FLOORS].sort());
});

test("imports go down", () => {
  const upward = imports
    .filter(({ from }) => from.startsWith("."))
    .map(({ file, from }) => ({ file, target: relative(SRC, join(SRC, dirname(file), from)) }))
    .filter(({ target }) => !["../package.json", "../config.toml"].includes(target))
    .filter(({ file, target }) => FLOORS.indexOf(floorOf(target)) < FLOORS.indexOf(floorOf(file)));
  expect(upward).toEqual([]);
});

test("relative imports name files, with their ending", () => {
  const vague = imports.filter(({ from }) => from.startsWith(".") && !/\.(ts|json|toml)$/.test(from));
  expect(vague).toEqual([]);
});

test("no packages are used at run time but the two", () => {
  const foreign = imports.filter(({ from }) => !/^(\.|node:|bun:)/.test(from) && !PACKAGES.includes(from));
  expect(foreign).toEqual([]);
});

test("the lowest floors are pure: no Bun, no files, no clock, no chance", async () => {
  const impure = [];
  for (const file of files.filter((one) => PURE.includes(floorOf(one)))) {
    const text = await readFile(join(SRC, file), "utf8");
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const found =
      /\bBun\.|from "node:|\bfetch\(|Date\.now|new Date\(\)|Math\.random|performance\.|process\./.exec(code);
    if (found !== null) impure.push(`${file}: ${found[0]}`);
  }
  expect(impure).toEqual([]);
});

test("no file is longer than 200 lines", async () => {
  const lengths = files.map(
    async (file) => [file, (await readFile(join(SRC, file), "utf8")).split("\n").length - 1] as const,
  );
  expect((await Promise.all(lengths)).filter(([, lines]) => lines > 200)).toEqual([]);
});

test("no two files of a floor import each other", () => {
  const edges = new Set(
    imports
      .filter(({ from }) => from.startsWith("."))
      .map(({ file, from }) => `${file} ${relative(SRC, join(SRC, dirname(file), from))}`),
  );
  const mutual = [...edges].filter((edge) => edges.has(edge.split(" ").reverse().join(" ")));
  expect(mutual).toEqual([]);
});

test("names that say nothing are not used", () => {
  expect(
    files.filter(
      (file) =>
        /(service|manager|handler|processor|provider|util|helper|common|types|index)s?\.ts$/.test(file) &&
        !file.endsWith("managers.ts"),
    ),
  ).toEqual([]);
});
