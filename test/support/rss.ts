/** Measures how much memory a process has. */

/** Its resident set, in MiB. */
export async function rssOf(pid: number): Promise<number> {
  const shown = await new Response(Bun.spawn(["ps", "-o", "rss=", "-p", String(pid)]).stdout).text();
  return Math.round(Number(shown) / 1024);
}
