/** The flags that say in one command line what a configuration file says: those of gollamas. */

import { LOG_LEVELS } from "../telemetry/log.ts";
import type { Option } from "./command.ts";

export const GIVEN_OPTIONS: readonly Option[] = [
  {
    name: "listen",
    value: "HOST:PORT",
    also: ["a", "addr", "address"],
    help: "where it listens ($GOLLAMAS_LISTEN)",
  },
  {
    name: "proxy",
    value: "MODEL=URL",
    isMany: true,
    help: "serve a model from the engine at a URL, or from a connection; for several routes give it several times",
  },
  { name: "proxies", value: "MODEL=URL,…", help: "the same for several models ($GOLLAMAS_PROXIES)" },
  { name: "connection", value: "ID=URL", isMany: true, help: "call the engine at a URL by an id" },
  { name: "connections", value: "ID=URL,…", help: "the same for several engines ($GOLLAMAS_CONNECTIONS)" },
  { name: "alias", value: "NAME=MODEL", isMany: true, help: "give a model a name of your own" },
  { name: "aliases", value: "NAME=MODEL,…", help: "the same for several names ($GOLLAMAS_ALIASES)" },
  { name: "list-aliases", help: "show aliases in lists of models ($GOLLAMAS_LIST_ALIASES)" },
  {
    name: "level",
    value: "LEVEL",
    also: ["error-level"],
    offer: LOG_LEVELS,
    help: "of the log: debug, info, warn or error ($GOLLAMAS_LEVEL)",
  },
];
