/** What a container of the image is started with. */

import { type Stamp } from "./stamp.ts";

/** Whom it runs as: nobody that a machine knows. */
export const USER = 65532;

const PORT = 11435;
const SECOND = 1_000_000_000; // durations are nanoseconds
const PROGRAM = "/usr/bin/mellamo";

/**
 * The image configuration (image-spec, config.md), with Docker's extension for health. A variable says where it listens:
 * it goes before `listen` of a configuration file, which says what holds outside of containers, and the health check reads it, too.
 */
export function imageConfig(
  architecture: "amd64" | "arm64",
  { version, commit, epochS }: Stamp,
  libc: string,
  diffIds: readonly string[],
): object {
  const created = new Date(epochS * 1000).toISOString().replace(".000Z", "Z");
  return {
    created,
    architecture,
    os: "linux",
    config: {
      User: `${USER}:${USER}`,
      ExposedPorts: { [`${PORT}/tcp`]: {} },
      Env: ["PATH=/usr/bin", `GOLLAMAS_LISTEN=0.0.0.0:${PORT}`, "STATE_DIRECTORY=/var/lib/mellamo"],
      Entrypoint: [PROGRAM],
      Volumes: { "/var/lib/mellamo": {} },
      Labels: {
        "org.opencontainers.image.title": "mellamo",
        "org.opencontainers.image.version": version,
        ...(commit === undefined ? {} : { "org.opencontainers.image.revision": commit }),
        "org.opencontainers.image.licenses": "MIT",
        "mellamo.libc6": libc,
      },
      StopSignal: "SIGTERM",
      Healthcheck: {
        Test: ["CMD", PROGRAM, "health"],
        Interval: 30 * SECOND,
        // it gives up by itself, and says why, after ten seconds
        Timeout: 15 * SECOND,
        StartPeriod: 5 * SECOND,
        Retries: 3,
      },
    },
    rootfs: { type: "layers", diff_ids: diffIds },
    history: [
      { created, created_by: "files of Debian's libc6" },
      { created, created_by: "mellamo" },
    ],
  };
}
