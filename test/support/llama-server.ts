/**
 * A real llama-server, from Debian's package: unpacked into a folder, without root, and with the C library it was
 * built for. `LLAMA_SERVER` names one that is there already.
 */

import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type TinyModel, tinyModel } from "./tiny-model.ts";

const PACKAGES = [
  "llama.cpp-tools",
  "libllama0",
  "libggml0",
  "libc6",
  "libgcc-s1",
  "libstdc++6",
  "libgomp1",
  "libssl3t64",
  "zlib1g",
  "libzstd1",
];

/** Kept between runs; whatever removes the packages of the project removes it too. */
const HOME = join(import.meta.dir, "..", "..", "node_modules", ".cache", "llama-server");

/** The program, or in `missing` why there is none. */
export type Found = { readonly program: string } | { readonly missing: string };

/** Finds or fetches the program. With `CI` set a missing one is an error. */
export async function findLlamaServer(): Promise<Found> {
  const found = await fetchOnce();
  if ("missing" in found && process.env["CI"] !== undefined)
    throw new Error(`No llama-server: ${found.missing}`);
  return found;
}

async function fetchOnce(): Promise<Found> {
  const given = process.env["LLAMA_SERVER"];
  if (given !== undefined) return { program: given };
  const program = join(HOME, "llama-server");
  if (existsSync(program)) return { program };
  if (process.platform !== "linux" || process.arch !== "x64" || Bun.which("apt-get") === null) {
    return { missing: "it is fetched from Debian's packages, on Linux x64 with apt-get" };
  }
  try {
    await unpack();
    return { program };
  } catch (failure) {
    return { missing: failure instanceof Error ? failure.message : String(failure) };
  }
}

/** Unpacks beside the final place and moves it there in one step: two test runs may do this at once. */
async function unpack(): Promise<void> {
  await mkdir(join(HOME, ".."), { recursive: true });
  const folder = await mkdtemp(`${HOME}-`);
  try {
    await unpackInto(folder);
    await rename(folder, HOME).catch((failure: unknown) => {
      if (!existsSync(HOME)) throw failure;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpackInto(folder: string): Promise<void> {
  const [debs, root] = [join(folder, "debs"), join(folder, "root")];
  for (const path of ["debs", "lists/partial", "cache/archives/partial"])
    await mkdir(join(folder, path), { recursive: true });
  const mirror = await debianMirror();
  const key = "/usr/share/keyrings/debian-archive-keyring.gpg";
  await writeFile(join(folder, "sources.list"), `deb [signed-by=${key}] ${mirror} sid main\n`);
  await writeFile(join(folder, "status"), "");
  const options = [
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    `Dir::State::status=${folder}/status`,
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  await run(["apt-get", ...options, "-qq", "update"], folder);
  await run(["apt-get", ...options, "-qq", "download", ...PACKAGES], debs);
  for (const deb of await readdir(debs)) await run(["dpkg-deb", "-x", join(debs, deb), root], folder);
  await writeFile(join(folder, "llama-server"), await launcher());
  await chmod(join(folder, "llama-server"), 0o755);
  for (const path of ["debs", "lists", "cache"]) await rm(join(folder, path), { recursive: true });
}

/** The mirror this machine takes its packages from. */
async function debianMirror(): Promise<string> {
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(await readdir(folder).catch(() => [])).map((file) => join(folder, file)),
  ];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const lines = text.split("\n").filter((line) => /^(deb |URIs:)/.test(line));
    const urls = lines.map((line) => /https?:\/\/\S*\/debian\/?(?=\s|$)/.exec(line)?.[0]);
    const url = urls.find((match) => match !== undefined);
    if (url !== undefined) return url;
  }
  throw new Error("this machine's apt sources name no mirror");
}

/** Starts the program by its own loader, with the kernels that suit this processor. */
async function launcher(): Promise<string> {
  const cpu = await readFile("/proc/cpuinfo", "utf8");
  const kernels = cpu.includes(" avx2 ") ? "haswell" : cpu.includes("sse4_2") ? "sse42" : "x64";
  return `#!/bin/sh
root=$(dirname "$0")/root
lib=$root/usr/lib/x86_64-linux-gnu
export GGML_BACKEND_PATH=$lib/ggml/backends0/libggml-cpu-${kernels}.so
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib:$lib/llama" "$root/usr/bin/llama-server" "$@"
`;
}

async function run(command: readonly string[], cwd: string): Promise<void> {
  const child = Bun.spawn([...command], { cwd, stdout: "ignore", stderr: "pipe" });
  const [status, err] = await Promise.all([child.exited, child.stderr.text()]);
  if (status !== 0) throw new Error(`${command[0]} ended with ${status}: ${err.trim().split("\n").at(-1)}`);
}

export interface LlamaServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/**
 * Starts a server with a tiny model that it calls `alias`; `more` are further arguments. One thread: several would
 * spend far more time on waiting for each other than on so small a model.
 */
export async function llamaServer(
  program: string,
  alias: string,
  kind: TinyModel = {},
  more: readonly string[] = [],
): Promise<LlamaServer> {
  const folder = await mkdtemp(join(tmpdir(), "llama-"));
  const model = join(folder, "tiny.gguf");
  await writeFile(model, tinyModel(kind));
  const port = freePort();
  const embeddings = kind.embeds === true ? ["--embeddings"] : [];
  const args = ["-m", model, "--alias", alias, "--port", String(port), "--jinja", "--threads", "1"];
  const child = Bun.spawn([program, ...args, ...embeddings, ...more], { stdout: "ignore", stderr: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await healthy(url);
  return {
    url,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Its log changes from version to version; its health does not. */
export async function healthy(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error("llama-server does not get ready");
    await Bun.sleep(20);
  }
}

/** A port that nobody listens on at the moment. */
export function freePort(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = server;
  void server.stop(true);
  return port;
}
