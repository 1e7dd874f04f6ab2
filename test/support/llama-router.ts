/**
 * A real llama-server in router mode, over tiny models. It starts itself anew for each model: so it must not be started
 * by its loader, as the unpacked one is, but name that loader in itself.
 */

import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { freePort, healthy, type LlamaServer } from "./llama-server.ts";
import { type TinyModel, tinyModel } from "./tiny-model.ts";

/** The loader that Debian's binary names. */
const LOADER = "/lib64/ld-linux-x86-64.so.2";

/** How long it may take to end its children. */
const ENDING_MS = 10_000;

export interface LlamaRouter extends LlamaServer {
  /** Each model, as it says of it itself. */
  states(): Promise<Readonly<Record<string, string>>>;
}

/** `models` by name; `more` are further arguments. */
export async function llamaRouter(
  program: string,
  models: Readonly<Record<string, TinyModel | "broken">>,
  more: readonly string[] = [],
): Promise<LlamaRouter> {
  const folder = await mkdtemp(join(tmpdir(), "ll-"));
  const shelf = join(folder, "models");
  await mkdir(shelf);
  for (const [name, kind] of Object.entries(models))
    await writeFile(join(shelf, `${name}.gguf`), kind === "broken" ? "GGUF" : tinyModel(kind));
  const { command, env } = await startable(program, folder);
  const port = freePort();
  const child = Bun.spawn(
    [command, "--models-dir", shelf, "--port", String(port), "--jinja", "--threads", "1", ...more],
    { env: { ...process.env, ...env }, stdout: "ignore", stderr: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  await healthy(url);
  return {
    url,
    pid: child.pid,
    async states() {
      const { data } = (await (await fetch(`${url}/v1/models`)).json()) as {
        readonly data: readonly { readonly id: string; readonly status: { readonly value: string } }[];
      };
      return Object.fromEntries(data.map(({ id, status }) => [id, status.value]));
    },
    async [Symbol.asyncDispose]() {
      // killed at once it would leave its children behind
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), ENDING_MS);
      await child.exited;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A program of one's own can start itself; of the unpacked one a copy is made that names its loader. */
async function startable(
  program: string,
  folder: string,
): Promise<{ readonly command: string; readonly env: Readonly<Record<string, string>> }> {
  if (process.env["LLAMA_SERVER"] !== undefined) return { command: program, env: {} };
  const root = join(dirname(program), "root");
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  const loader = join(folder, "ld");
  if (loader.length > LOADER.length) throw new Error(`${loader} is longer than ${LOADER}`);
  await symlink(join(libraries, "ld-linux-x86-64.so.2"), loader);
  const binary = await readFile(join(root, "usr/bin/llama-server"));
  const at = binary.indexOf(`${LOADER}\0`);
  if (at < 0) throw new Error(`It does not name ${LOADER}`);
  binary.fill(0, at, at + LOADER.length);
  binary.write(loader, at);
  const command = join(folder, "llama-server");
  await writeFile(command, binary);
  await chmod(command, 0o755);
  const [kernels = ""] = /libggml-cpu-\w+\.so/.exec(await readFile(program, "utf8")) ?? [];
  return {
    command,
    env: {
      LD_LIBRARY_PATH: `${libraries}:${libraries}/llama`,
      GGML_BACKEND_PATH: join(libraries, "ggml/backends0", kernels),
    },
  };
}
