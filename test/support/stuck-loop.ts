/** Preloaded into a process, it makes its event loop hang from SIGUSR2 on. */

process.on("SIGUSR2", () => Bun.sleepSync(600_000));
