/** The text of a configuration for engines that were found. */

import { isLoopback } from "../../config/listen.ts";
import { inlineToml } from "../../config/toml-text.ts";
import { keyOf } from "../../domain/name.ts";
import { isCloudName } from "../../domain/source.ts";
import type { Backend, StockedModel } from "../../fleet/backend.ts";
import { seenText } from "../live-notes.ts";

/** Longer lists of models are cut: `mellamo ls` shows them whole. */
const MOST_LISTED = 40;

/** An alias of the file would hide a model of its name. */
const ALIAS = "my-model";

/** `looked` are the URLs that were looked at where nothing was found. */
export function initText(backends: readonly Backend[], looked: readonly string[]): string {
  const parts = backends.length === 0 ? [exampleBackend(looked)] : backendTables(backends);
  return [HEAD, ...parts, aliasTable(backends)].join("\n");
}

const HEAD = `# mellamo's configuration, as \`mellamo init\` wrote it: the few settings that most people need. The config.toml that comes
# with mellamo explains every key there is. Lines that begin with "#" and no blank are examples: remove the "#" to use them.
#
#   mellamo check --live   every mistake in this file, and what is not there now
#   mellamo doctor         what is wrong, and what to do about it
#
# What is saved here while mellamo runs is in force a moment later, but for \`listen\`.

[server]
# Where clients find it. ":11435" is every address of this machine: only where you trust everybody who reaches it.
listen = "127.0.0.1:11435"
`;

function exampleBackend(looked: readonly string[]): string {
  return `# No engine answered when this was written; looked at:
${looked.map((url) => `#   ${commentText(url)}\n`).join("")}# As long as no backend stands here, mellamo looks for engines on the usual ports of this machine, and serves what it finds.
#[[backend]]
#name = "workstation"
#url = "http://workstation:11434"
`;
}

function backendTables(backends: readonly Backend[]): string[] {
  const names = new Set<string>();
  return backends.map((backend) => {
    const name = nameOf(backend, names);
    names.add(name);
    return backendTable(backend, name);
  });
}

function backendTable(backend: Backend, name: string): string {
  const { settings, engine, stock } = backend;
  return [
    `# ${commentText(stock.up ? seenText(backend) : `${settings.origin}, when this was written: ${stock.trouble}`)}`,
    ...stock.models.slice(0, MOST_LISTED).map(({ id }) => `#   ${inlineToml(id)}`),
    ...(stock.models.length > MOST_LISTED ? [`#   … (mellamo ls shows them all)`] : []),
    "[[backend]]",
    `name = ${inlineToml(name)}`,
    `url = ${inlineToml(settings.origin)}`,
    engine === undefined
      ? `# "ollama", "lmstudio", "llamacpp", "vllm", "sglang" or "openai"; left out, it finds out\n#engine = "ollama"`
      : `engine = ${inlineToml(engine.name)}`,
    ...(/ 40[13]\b/.test(stock.trouble) ? ['#key = "${BACKEND_KEY:-}"'] : []),
    "",
  ].join("\n");
}

/** An engine of this machine is called by its kind, others by their machines. */
function nameOf({ settings, engine }: Backend, taken: ReadonlySet<string>): string {
  const { hostname, port } = new URL(settings.origin);
  const host = hostname.replace(/^\[|\]$/g, "").replaceAll(/[^\w.:-]/g, "-");
  const name = isLoopback(host) ? (engine?.name ?? "local") : host.slice(0, 80);
  const whole = /^\.+$/.test(name) || taken.has(name) ? `${name}-${port || "default"}` : name;
  for (let count = 2; ; count++) {
    const free = count === 2 ? whole : `${whole}-${count}`;
    if (!taken.has(free)) return free;
  }
}

function aliasTable(backends: readonly Backend[]): string {
  const models = backends.flatMap(({ stock }) => stock.models);
  const shown = shownModel(models);
  const keys = new Set(models.map(({ key }) => key));
  let alias = ALIAS;
  for (let count = 2; keys.has(keyOf(alias)); count++) alias = `${ALIAS}-${count}`;
  const example = `${shown === undefined ? "#" : ""}${alias} = ${inlineToml(shown?.id ?? "llama3.1:8b")}`;
  return `[aliases]
# A name of your own for a model: whoever asks for it gets the other.
${example}
# Apps that insist on names of others get it, too; "*" stands for any text.
#"gpt-*" = "${alias}"
#"claude-*" = "${alias}"
# One model that engines call by several names: whichever has any of them may answer.
#my-llama = ["llama3.1:8b", "llama-3.1-8b-instruct", "Meta-Llama-3.1-8B-Instruct.gguf"]
`;
}

/** The first that chats, best on a machine of one's own. */
function shownModel(models: readonly StockedModel[]): StockedModel | undefined {
  // half a character cannot be written, and a "*" stands for something else there
  const usable = models.filter(({ id }) => id.isWellFormed() && !id.includes("*"));
  return usable.toSorted((a, b) => worthOf(b) - worthOf(a))[0];
}

function worthOf({ id, capabilities }: StockedModel): number {
  const chats = capabilities.length === 0 || capabilities.includes("completion");
  return (chats ? 2 : 0) + (isCloudName(id) ? 0 : 1);
}

/** A comment ends with its line, and holds no control characters. */
function commentText(text: string): string {
  return text.toWellFormed().replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "\u{fffd}");
}
