/**
 * Refuses hosts that a web page could have made up: a page can point a name of its own at 127.0.0.1 (DNS rebinding)
 * and reach what listens there, but its requests bear that name. The rules are Ollama's `allowedHostsMiddleware`.
 */

import { hostname, networkInterfaces } from "node:os";

const OWN_NAME = hostname().toLowerCase();

/** Names under these never lead out of a private network. */
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal"];

/** What nearly all clients call this machine. */
const USUAL = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d*)?$/;

/** Whether a `Host` header may come in on a listener that only this machine can reach. */
export function isOwnHost(header: string | null): boolean {
  return header !== null && USUAL.test(header) ? true : isUnusualOwn(hostOf(header ?? "").toLowerCase());
}

function isUnusualOwn(host: string): boolean {
  if (host === "" || host === "localhost" || host === OWN_NAME) return true;
  if (PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))) return true;
  return isPrivateAddress(host) || isOwnAddress(host);
}

const WELL_FORMED = /^([\w.~!$&'()*+,;=%-]*|\[[0-9a-fA-F:.]+\])(:\d*)?$/;

/** Whether a `Host` header can be one at all. */
export function isWellFormedHost(header: string | null): boolean {
  return header === null || WELL_FORMED.test(header);
}

/** The header without its port, and an IPv6 address without its brackets. */
function hostOf(header: string): string {
  return /^\[(.*)\](:\d*)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, "");
}

/** Loopback, private (RFC 1918, RFC 4193) and unspecified addresses. */
function isPrivateAddress(host: string): boolean {
  if (host === "::" || host === "::1" || host === "0.0.0.0") return true;
  if (/^f[cd][0-9a-f]{2}:/.test(host)) return true;
  const [a, b] = host.split(".").map(Number);
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host) || a === undefined || b === undefined) return false;
  return a === 127 || a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

function isOwnAddress(host: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === host),
  );
}
