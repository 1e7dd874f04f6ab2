/** Runs programs as a careful owner of a machine would: as nobody in particular, on a disk that cannot be written. Linux alone. */

/** Nobody that a machine knows. */
const USER = 65532;

export interface Confinement {
  /** In words. */
  readonly about: string;
  /** The beginning of a command line that runs the rest of it, in the same process, in `folder`. */
  readonly through: (folder: string) => readonly string[];
}

/** In a name space of its own, where the root and the folder, wherever that is mounted, are read-only. */
const READ_ONLY = `mount -o remount,bind,ro / && mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && exec "$@"`;

const AS_NOBODY = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "--no-new-privs"];

/** As much as can be had here: who is not root stays who they are. */
export async function confinement(): Promise<Confinement> {
  if (process.getuid?.() !== 0) return { about: "as the user who asks", through: () => [] };
  const probe = Bun.spawn(["unshare", "--mount", "mount", "-o", "remount,bind,ro", "/"], {
    stdout: "ignore",
    stderr: "ignore",
  });
  if ((await probe.exited) !== 0) return { about: "as nobody", through: () => AS_NOBODY };
  const apart = ["unshare", "--mount", "--propagation", "private", "sh", "-c", READ_ONLY, "sh"];
  return { about: "as nobody, read-only", through: (folder) => [...apart, folder, ...AS_NOBODY] };
}
