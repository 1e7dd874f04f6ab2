/**
 * `mellamo completions bash|zsh|fish`: the script by which a shell completes command lines. The scripts call it once more
 * for what only the running router knows: `mellamo completions names`.
 */

import * as v from "valibot";

import { callServer } from "./ask-server.ts";
import { type Command, complain, FAILED, MISUSED, OK, say } from "./command.ts";
import { bashScript } from "./completions/bash.ts";
import { fishScript } from "./completions/fish.ts";
import { type Place, placesOf } from "./completions/places.ts";
import { zshScript } from "./completions/zsh.ts";
import { KNOWN, type Known, knownNames } from "./offer.ts";
import { serve } from "./serve.ts";
import { serverAddress } from "./server-address.ts";
import { Status } from "./status-schema.ts";

const SCRIPTS: ReadonlyMap<string, (places: readonly Place[]) => string> = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
]);
const SHELLS = [...SCRIPTS.keys()];

/** Whoever has pressed Tab does not wait for a router that hangs. */
const PATIENCE_MS = 1000;

/** `commands` are all there are, this one among them. */
export function completionsOf(commands: () => readonly Command[]): Command {
  return {
    name: "completions",
    operands: [SHELLS.join("|")],
    offer: SHELLS,
    help: "print the script that completes commands, options and names in a shell",
    options: [],
    async run({ positionals: [asked = ""] }) {
      const script = SCRIPTS.get(asked);
      const kind = KNOWN.find((one) => one === asked);
      if (kind !== undefined) return sayKnown(kind);
      if (script === undefined) {
        complain(`mellamo completions: expected bash, zsh or fish, got ${JSON.stringify(asked)}`);
        return MISUSED;
      }
      say(script(placesOf(commands(), serve)));
      return OK;
    },
  };
}

/** Without a word where there is no router to ask: a command line is being written. */
async function sayKnown(kind: Known): Promise<number> {
  const address = await serverAddress({ positionals: [], values: {} });
  if (address === undefined) return FAILED;
  try {
    const { json } = await callServer(address, "GET", "/mellamo/status", undefined, PATIENCE_MS);
    const names = knownNames(kind, v.parse(Status, json));
    if (names.length > 0) say(names.join("\n"));
    return OK;
  } catch {
    return FAILED;
  }
}
