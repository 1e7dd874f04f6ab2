/** The calls that the stock `ollama` command makes, as they were captured. */

import { capturedText } from "./captures.ts";
import type { Mellamo } from "./mellamo.ts";
import { type Said, say } from "./say.ts";

export interface CliCall {
  readonly method: string;
  readonly path: string;
  /** What an Ollama answered. */
  readonly status: number;
  readonly body: string;
}

/** What `command` calls, in order, with other names in place of those it was captured with. */
export function cliCalls(command: string, names: Readonly<Record<string, string>> = {}): CliCall[] {
  const block = capturedText("ollama-cli-calls.txt")
    .split(/^\$ /m)
    .find((text) => text.startsWith(`${command}    #`));
  if (block === undefined) throw new Error(`"${command}" was not captured`);
  return [...block.matchAll(/^ {2}([A-Z]+) (\S+) +(\d+) {2}(.*?)(?: {3}-> \d+ lines)?$/gm)].map(
    ([, method = "", path = "", status, body = ""]) => ({
      method,
      path,
      status: Number(status),
      body: Object.entries(names).reduce((text, [from, to]) => text.replaceAll(`"${from}"`, `"${to}"`), body),
    }),
  );
}

/** Makes the calls of a command up to the first that the command would give up after; returns all that was answered. */
export async function runCli(
  { port }: Pick<Mellamo, "port">,
  command: string,
  names: Readonly<Record<string, string>> = {},
): Promise<Said[]> {
  const answers: Said[] = [];
  for (const { method, path, body } of cliCalls(command, names)) {
    const headers = [
      "Accept: application/json",
      "Content-Type: application/json",
      "User-Agent: ollama/0.33.0",
    ];
    answers.push(await say(port, `${method} ${path}`, headers, body));
  }
  return answers;
}
