/** What this program is: stamped into a binary when it is built, the version alone read from package.json when run from source. */

import { version } from "../package.json" with { type: "json" };

/** Replaced by `bun build --define`. */
declare const BUILD_VERSION: string | undefined;
declare const BUILD_COMMIT: string | undefined;
declare const BUILD_DATE: string | undefined;

export const VERSION: string = typeof BUILD_VERSION === "undefined" ? `${version}-dev` : BUILD_VERSION;

/** The commit it was built from; undefined where nobody has stamped it. */
const COMMIT: string | undefined = typeof BUILD_COMMIT === "undefined" ? undefined : BUILD_COMMIT;

/** The day of that commit, in UTC. */
const DATE: string | undefined = typeof BUILD_DATE === "undefined" ? undefined : BUILD_DATE;

/** As `mellamo --version` tells it: `0.1.0 (0123456789ab, 2026-11-22)`. */
export const BUILT: string = COMMIT === undefined ? VERSION : `${VERSION} (${COMMIT}, ${DATE})`;
