/** What to do about a backend that cannot be used, by what the last look at it says. */

import { isLoopback } from "../../config/listen.ts";
import type { Backend } from "../../fleet/backend.ts";
import { configOver } from "../config-over.ts";
import { lookAround } from "../look-around.ts";

/** Where a backend is. */
interface Where {
  readonly host: string;
  readonly port: string;
  readonly isLocal: boolean;
  readonly isSecure: boolean;
}

const MACHINE = "is the machine on, and in this network? Does a firewall let the port through?";

const KEY = 'put its key into its table: key = "${NAME}", with NAME in the environment of mellamo';

/** The first that matches counts. */
const REMEDIES: readonly (readonly [trouble: RegExp, remedy: (where: Where) => string])[] = [
  [
    /^connection refused$/,
    ({ host, port, isLocal }) =>
      `start the engine${isLocal ? "" : ` on ${host}`}; if it runs, does it listen on port ${port}${isLocal ? "" : ", and for other machines (an Ollama: OLLAMA_HOST=0.0.0.0)"}?`,
  ],
  [
    /^host not found$|^no name server answers$/,
    ({ host }) =>
      `look at the spelling of "${host}" in its url, and at the name servers of this machine, or write an address`,
  ],
  [/^(host|network) unreachable$|^connection timed out$/, () => MACHINE],
  [
    /^no answer in time$/,
    ({ isSecure }) =>
      `${MACHINE} If the engine is only slow to answer, raise probe_timeout${isSecure ? "; if it has no TLS, write http://" : ""}`,
  ],
  [/^no TLS on that port$/, () => "write http:// in its url, rather than https://"],
  [
    /^connection closed without an answer$|^the answer is not HTTP$/,
    () => "look at the port in its url: another program seems to have it, or it wants https://",
  ],
  [/EXPIRED/, () => "renew its certificate"],
  [/ALTNAME/, ({ host }) => `its certificate is for another name than ${host}: write that name in its url`],
  [
    /CERT|SIGNATURE|ISSUER/,
    () =>
      "let mellamo trust its certificate: NODE_EXTRA_CA_CERTS=FILE in its environment, FILE being the authority's",
  ],
  [/^leads back to this router$/, () => "take it out: a router cannot be its own backend"],
  [/^refuses with status 401/, () => KEY],
  [
    /^refuses with status 403/,
    ({ isLocal }) =>
      `${KEY}; an Ollama refuses names that it does not know: write ${isLocal ? "127.0.0.1" : "the address of the machine"}`,
  ],
  [
    /^answers, but like no known engine$/,
    () =>
      "look at its url: is that an engine, or a web page? If one of OpenAI's kind, does it serve /v1/models?",
  ],
  [/too large$/, () => "is that an engine? Its list is longer than 64 MiB"],
];

/** Asks it again where it may be another engine than the configuration says. */
export async function remedyFor({ settings, stock }: Backend): Promise<string> {
  if (settings.engine !== undefined && stock.trouble.startsWith("does not list models")) {
    const { fleet } = await lookAround(openly(settings), []);
    const [seen] = fleet.backends;
    if (seen?.stock.up && seen.engine !== undefined)
      return `it is ${seen.engine.title}: write engine = "${seen.engine.name}", or leave engine out`;
  }
  return troubleRemedy(settings.origin, stock.trouble);
}

/** By what is said of it alone. */
export function troubleRemedy(origin: string, trouble: string): string {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isSecure = protocol === "https:";
  const where = { host, port: port || (isSecure ? "443" : "80"), isLocal: isLoopback(host), isSecure };
  const found = REMEDIES.find(([form]) => form.test(trouble));
  return found?.[1](where) ?? "wait until it has started; if it has, look at what it logs";
}

/** The backend alone, its engine to be found out. */
function openly(settings: Backend["settings"]): ReturnType<typeof configOver> {
  return { ...configOver([settings.origin]), backends: [{ ...settings, engine: undefined }] };
}
