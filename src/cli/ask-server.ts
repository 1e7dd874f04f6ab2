/** Asks the running router, for the commands that show what it knows. */

import * as v from "valibot";

import { type Listen, parseListen } from "../config/listen.ts";
import { parseJson } from "../fleet/ask.ts";
import { causeText } from "../fleet/cause.ts";
import { type Arguments, complain, CONFIG_OPTION, SERVER_OPTION, textOption } from "./command.ts";
import { loadListen } from "./load.ts";

/** What the running router answers to a GET; undefined after the user was told why there is no answer. */
export async function askServer<S extends v.GenericSchema>(
  args: Arguments,
  path: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  const address = await serverAddress(args);
  if (address === undefined) return undefined;
  const url = address.url + path;
  try {
    const response = await fetch(url, { ...address.via, signal: AbortSignal.timeout(10_000) });
    const json: unknown = parseJson(await response.text());
    const read = v.safeParse(schema, json);
    if (read.success) return read.output;
    complain(`${address.shown} answers, but not like this version of mellamo`);
  } catch (failure) {
    complain(
      `Cannot reach mellamo at ${address.shown}: ${causeText(failure)}. Is it running? Start it with: mellamo`,
    );
  }
  return undefined;
}

interface Address {
  readonly url: string;
  readonly via: { readonly unix?: string; readonly proxy?: false };
  readonly shown: string;
}

async function serverAddress(args: Arguments): Promise<Address | undefined> {
  const given = textOption(args, SERVER_OPTION) ?? process.env["MELLAMO_HOST"];
  if (given !== undefined && given !== "") {
    const url = /^https?:\/\//.test(given) ? given.replace(/\/+$/, "") : undefined;
    const listen = url === undefined ? parseListen(given) : undefined;
    if (url !== undefined && URL.canParse(url)) return { url, via: { proxy: false }, shown: url };
    if (listen !== undefined) return addressOf(listen);
    complain(`"${given}" is no address of a server: expected "host:port", "unix:/path" or a URL`);
    return undefined;
  }
  const listen = await loadListen(textOption(args, CONFIG_OPTION));
  return listen && addressOf(listen);
}

/** Where a client on this machine finds what listens there. */
function addressOf(listen: Listen): Address {
  if (listen.kind === "unix")
    return { url: "http://localhost", via: { unix: listen.path }, shown: listen.path };
  const everywhere = listen.hostname === "::" || listen.hostname === "0.0.0.0";
  const host = everywhere ? "127.0.0.1" : listen.hostname;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${listen.port}`;
  return { url, via: { proxy: false }, shown: url };
}
