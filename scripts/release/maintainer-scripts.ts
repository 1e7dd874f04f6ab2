/**
 * What the Debian package does when it is installed, upgraded and removed (Debian Policy, chapter 6): as little as can be.
 * It starts nothing by itself, as it cannot know who is to reach it. There is no user to make: the unit has one made by
 * systemd (`DynamicUser`). Nothing is done to a system that does not run here, such as one in a folder (`dpkg --root`).
 */

const RUNS_HERE = `[ -z "\${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]`;

export const MAINTAINER_SCRIPTS: Readonly<Record<"postinst" | "prerm" | "postrm", string>> = {
  // a second argument is the version that was there before
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ] && ${RUNS_HERE}; then
  systemctl --system daemon-reload
  if [ -n "$2" ]; then systemctl try-restart mellamo.service || true; fi
fi
`,
  prerm: `#!/bin/sh
set -e
if [ "$1" = remove ] && ${RUNS_HERE}; then
  systemctl --quiet disable --now mellamo.service || true
fi
`,
  // what it kept goes when its owner wants no trace of it: /var/lib/mellamo, or what systemd has that lead to
  postrm: `#!/bin/sh
set -e
if [ "$1" = purge ]; then
  rm -rf "\${DPKG_ROOT:-}/var/lib/mellamo" "\${DPKG_ROOT:-}/var/lib/private/mellamo"
fi
if ${RUNS_HERE}; then
  systemctl --system daemon-reload
fi
`,
};
