/** Where commands list and change aliases: at the running router or, where none runs, in the file of the store. */

import { type Change, type Decide, removal, setting } from "../domain/amendment.ts";
import type { Entry } from "../domain/entry.ts";
import { keyOf } from "../domain/name.ts";
import { isProblem, textOf } from "../domain/problem.ts";
import type { AliasRow } from "../http/alias-rows.ts";
import { FileStore } from "../store/file-store.ts";
import { AliasRows, EntryReply, Refusal, RemovalReply } from "./alias-schema.ts";
import { callServer, runsNone, type ServerReply, understood, unreached } from "./ask-server.ts";
import { type Arguments, complain, CONFIG_OPTION, textOption } from "./command.ts";
import { loadConfig } from "./load.ts";
import { offlineRows } from "./offline-rows.ts";
import { type Address, serverAddress } from "./server-address.ts";

/** Each resolves to undefined after the user was told why it could not be done. */
export interface AliasDesk {
  list(): Promise<readonly AliasRow[] | undefined>;
  set(entry: Entry): Promise<Entry | undefined>;
  remove(name: string, isPrefix: boolean | undefined): Promise<true | undefined>;
}

/** Undefined after the user was told why there is none. */
export async function aliasDesk(args: Arguments): Promise<AliasDesk | undefined> {
  const address = await serverAddress(args);
  if (address === undefined) return undefined;
  try {
    await callServer(address, "GET", "/healthz");
    return deskAt(address);
  } catch (failure) {
    return address.source === undefined || !runsNone(failure)
      ? unreached(address, failure)
      : deskInFile(args, address);
  }
}

function deskAt(address: Address): AliasDesk {
  const call = async (method: string, body?: unknown): Promise<ServerReply | undefined> => {
    try {
      const reply = await callServer(address, method, "/api/aliases?verbose=true&shadowed=true", body);
      if (reply.status < 400) return reply;
      const refusal = understood(reply, Refusal, address);
      if (refusal !== undefined) complain(refusal.error);
    } catch (failure) {
      unreached(address, failure);
    }
    return undefined;
  };
  return {
    async list() {
      const reply = await call("GET");
      return reply && understood(reply, AliasRows, address)?.aliases;
    },
    async set(entry) {
      const reply = await call("POST", entry);
      const warning = reply?.headers.get("x-mellamo-warning");
      if (warning) complain(`warning: ${warning}`);
      return reply && understood(reply, EntryReply, address);
    },
    async remove(name, isPrefix) {
      const reply = await call("DELETE", { alias: name, prefix_matching: isPrefix });
      return reply && understood(reply, RemovalReply, address)?.deleted;
    },
  };
}

/** Names of models are not known then, but for those that are pinned. */
async function deskInFile(args: Arguments, { shown }: Address): Promise<AliasDesk | undefined> {
  const loaded = await loadConfig(textOption(args, CONFIG_OPTION));
  if (loaded === undefined) return undefined;
  const { config } = loaded;
  const store = new FileStore(config.storePath);
  const around = {
    config: config.aliases,
    backends: config.backends.map(({ name }) => name),
    isModel: (name: string) => config.pins.has(keyOf(name)),
  };
  const tell = (did: string): void => complain(`no mellamo runs at ${shown}: ${did} ${store.place} itself`);
  const warn = (): void => {
    if (store.trouble !== undefined) complain(`warning: ${store.place}: ${store.trouble}`);
  };
  const change = async (decide: Decide): Promise<Change | undefined> => {
    const answer = await store.change(decide);
    if (!isProblem(answer)) tell("changed");
    warn();
    if (isProblem(answer)) complain(textOf(answer));
    return isProblem(answer) ? undefined : answer;
  };
  return {
    async list() {
      await store.load();
      tell("looked into");
      warn();
      return offlineRows(config, store);
    },
    async set(entry) {
      const changed = await change(setting(entry, around));
      return changed && "set" in changed ? changed.set : undefined;
    },
    async remove(name, isPrefix) {
      const changed = await change(removal(name, isPrefix, around, "removed"));
      return changed && true;
    },
  };
}
