/** Decides which web pages may call, and tells browsers (CORS). Ollama's origins are let in, and those configured. */

import { globOf, matchGlob } from "../domain/glob.ts";

/** Pages served from this machine, and apps, which have no address. */
const LOCAL_ORIGINS = [
  ...["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].flatMap((host) =>
    ["http", "https"].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
  ),
  ...["app", "file", "tauri", "vscode-webview", "vscode-file"].map((scheme) => `${scheme}://*`),
  ...["chrome-extension", "moz-extension", "safari-web-extension"].map((scheme) => `${scheme}://*`),
];

const METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";
const MAX_AGE_SECONDS = 12 * 3600;

export interface Origins {
  /** Whether a request with these headers may come in; one without `Origin` is no page's. */
  allows(headers: Headers): boolean;
  /** Adds what a browser wants to read before it hands an answer to its page, if it may. */
  mark(answer: Headers, request: Headers): void;
  /** The answer to a preflight that is allowed. `allow` are the methods of the path. */
  preflight(request: Headers, allow: string): Response;
}

/** `configured` are further origins; `*` stands for any text, and alone for every origin. */
export function originsOf(configured: readonly string[]): Origins {
  const any = configured.includes("*");
  const globs = [...LOCAL_ORIGINS, ...configured].map(globOf);

  function allows(headers: Headers): boolean {
    const origin = headers.get("origin");
    return origin === null || any || isSameOrigin(origin, headers) || isKnown(origin);
  }

  function isKnown(origin: string): boolean {
    return globs.some((glob) => matchGlob(glob, origin) !== undefined);
  }

  function mark(answer: Headers, request: Headers): void {
    const origin = request.get("origin");
    if (origin === null || !allows(request) || isSameOrigin(origin, request)) return;
    answer.set("access-control-allow-origin", any ? "*" : origin);
    if (!any) answer.append("vary", "Origin");
  }

  return {
    allows,
    mark,
    preflight(request, allow) {
      const headers = new Headers({
        "access-control-allow-methods": METHODS,
        // clients invent headers faster than a list can follow
        "access-control-allow-headers":
          request.get("access-control-request-headers") ?? "Authorization,Content-Type",
        "access-control-max-age": String(MAX_AGE_SECONDS),
      });
      if (allow !== "") headers.set("allow", allow);
      if (!any) headers.append("vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
      return new Response(null, { status: 204, headers });
    },
  };
}

/** A page that this very server has sent. */
function isSameOrigin(origin: string, headers: Headers): boolean {
  const host = headers.get("host");
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
