/** The program's version: stamped into a binary when it is built, read from package.json when run from source. */

import { version } from "../package.json" with { type: "json" };

/** Replaced by `bun build --define`. */
declare const BUILD_VERSION: string | undefined;

export const VERSION: string = typeof BUILD_VERSION === "undefined" ? `${version}-dev` : BUILD_VERSION;
