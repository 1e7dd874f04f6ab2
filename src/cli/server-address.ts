/** Finds the running router: where the user says it is, or where the configuration says it listens. */

import { type Listen, parseListen } from "../config/listen.ts";
import { type Arguments, complain, CONFIG_OPTION, SERVER_OPTION, textOption } from "./command.ts";
import { loadListen } from "./load.ts";

export interface Address {
  readonly url: string;
  readonly via: { readonly unix?: string; readonly proxy?: false };
  readonly shown: string;
  /** Why it is taken for the router's; undefined where the user named it. */
  readonly source: string | undefined;
}

/** Undefined after the user was told what is wrong with what they named, or with the configuration. */
export async function serverAddress(args: Arguments): Promise<Address | undefined> {
  // a variable that is set to nothing says nothing; an option that is names no server
  const given = textOption(args, SERVER_OPTION) ?? (process.env["MELLAMO_HOST"] || undefined);
  if (given !== undefined) {
    const url = /^https?:\/\//.test(given) ? given.replace(/\/+$/, "") : undefined;
    const listen = url === undefined ? parseListen(given) : undefined;
    if (url !== undefined && URL.canParse(url))
      return { url, via: { proxy: false }, shown: url, source: undefined };
    if (listen !== undefined) return { ...addressOf(listen), source: undefined };
    complain(`"${given}" is no address of a server: expected "host:port", "unix:/path" or a URL`);
    return undefined;
  }
  const found = await loadListen(textOption(args, CONFIG_OPTION));
  return found && { ...addressOf(found.listen), source: found.source };
}

/** Where a client on this machine finds what listens there. */
export function addressOf(listen: Listen): Pick<Address, "url" | "via" | "shown"> {
  if (listen.kind === "unix")
    return { url: "http://localhost", via: { unix: listen.path }, shown: listen.path };
  const everywhere = listen.hostname === "::" || listen.hostname === "0.0.0.0";
  const host = everywhere ? "127.0.0.1" : listen.hostname;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${listen.port}`;
  return { url, via: { proxy: false }, shown: url };
}
