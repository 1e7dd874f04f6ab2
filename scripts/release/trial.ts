/** Tries a program out: whether it starts where everything is against it, serves, and ends when it is told to. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { confinement } from "./confined.ts";
import { HOSTILE } from "./hostile.ts";

/** A machine that is emulated takes its time. */
const PATIENCE_MS = 60_000;

/** How a program is run: the beginning of its command line. Throws, with what it has said, where it does anything wrong. */
export async function tryOut(program: string, through: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mellamo-trial-"));
  const engine = startEngine();
  try {
    const { about, through: confined } = await confinement();
    await Promise.all(Object.entries(HOSTILE).map(([name, text]) => writeFile(join(folder, name), text)));
    await writeFile(join(folder, "config.toml"), configOf(engine.url.origin));
    await run(["chmod", "--recursive", "a+rX", folder]);
    const command = [...confined(folder), ...through, program];
    const version = await run([...command, "--version"], folder);
    await serveOnce(command, folder);
    return `${version.trim()}: started, served and ended ${about}`;
  } finally {
    await engine.stop(true);
    await rm(folder, { recursive: true });
  }
}

async function serveOnce(command: readonly string[], folder: string): Promise<void> {
  const child = Bun.spawn([...command], {
    cwd: folder,
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  let said = "";
  try {
    const decoder = new TextDecoder();
    let url: string | undefined;
    for await (const bytes of child.stderr) {
      said += decoder.decode(bytes, { stream: true });
      const found = /event=listening url=(\S+)\n/.exec(said)?.[1];
      if (found === undefined || url !== undefined) continue;
      url = found;
      await ask(url);
      await run([...command, "health", "--server", url], folder);
      child.kill("SIGTERM");
    }
    const status = await child.exited;
    if (url === undefined || status !== 0) throw new Error(`it ended with ${status}`);
  } catch (failure) {
    child.kill("SIGKILL");
    throw new Error(`${failure instanceof Error ? failure.message : String(failure)}; it said:\n${said}`);
  } finally {
    clearTimeout(patience);
  }
}

/** By the name that the configuration gives; the answer has to bear that, too. */
async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "smoke", messages: [{ role: "user", content: "Hi" }] }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  if (response.status !== 200 || text !== answerOf("smoke"))
    throw new Error(`a request was answered by ${response.status} ${text}`);
}

function answerOf(model: string): string {
  return JSON.stringify({ model, choices: [{ index: 0, message: { role: "assistant", content: "Hello" } }] });
}

function startEngine(): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1/models": Response.json({ object: "list", data: [{ id: "tiny", object: "model" }] }),
      "/v1/chat/completions": () =>
        new Response(answerOf("tiny"), { headers: { "content-type": "application/json" } }),
    },
    fetch: () => new Response(null, { status: 404 }),
  });
}

function configOf(engine: string): string {
  return `[server]
listen = "127.0.0.1:0"
[[backend]]
name = "engine"
url = "${engine}"
engine = "openai"
[aliases]
smoke = "tiny"
`;
}

/** Without any variable of the environment. */
async function run(command: readonly string[], cwd = "/"): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd,
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: PATIENCE_MS,
  });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${err}${out}`);
  return out;
}
