/** The executable that this is. */

/** Whether the program is inside this executable, rather than a file that it runs. */
export function isCompiled(): boolean {
  return Bun.main.startsWith("/$bunfs/") || /^[A-Z]:[\\/]~BUN/.test(Bun.main);
}
