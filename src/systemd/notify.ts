/**
 * Tells systemd how the router is, as `sd_notify(3)` describes it: over the socket that it names in the environment of
 * a service of `Type=notify`.
 */

import type { Environment } from "../config/environment.ts";
import { datagramsTo, type Send } from "./datagrams.ts";

/** What is told, by systemd's own names. Without systemd nobody hears it. */
export type Tell = (state: Readonly<Record<string, string | number>>) => void;

/** A socket that is full is tried again: a READY that is lost would end the service. */
const AGAIN_MS = 100;
const TRIES = 50;

/** What a timer can wait: a longer time would be none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Opens the way to systemd, and shows it from then on that the event loop lives, twice in the time in which it wants to
 * see that (`WatchdogSec=`). Where systemd does not ask for it nothing is loaded, and nothing told. `warn` hears why
 * nothing can be told to one that does.
 */
export async function tellerOf(env: Environment, pid: number, warn: (why: string) => void): Promise<Tell> {
  const { NOTIFY_SOCKET: address, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watched } = env;
  if (!address) return () => {};
  let send: Send;
  try {
    send = await datagramsTo(address);
  } catch (failure) {
    warn(failure instanceof Error ? failure.message : String(failure));
    return () => {};
  }
  const beatMs = Math.min(Math.floor(Number(watchdogUs) / 1000 / 2), MAX_TIMER_MS);
  if (beatMs > 0 && (watched === undefined || Number(watched) === pid))
    setInterval(() => send("WATCHDOG=1"), beatMs).unref();
  return (state) => {
    const lines = Object.entries(state).map(([name, value]) => `${name}=${value}`);
    sendSurely(send, lines.join("\n"), TRIES, warn);
  };
}

function sendSurely(send: Send, text: string, tries: number, warn: (why: string) => void): void {
  if (send(text)) return;
  if (tries <= 1) warn("nobody takes what is sent to its socket");
  else setTimeout(() => sendSurely(send, text, tries - 1, warn), AGAIN_MS).unref();
}
