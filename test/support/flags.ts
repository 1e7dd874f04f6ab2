/** Runs the program as whoever comes from gollamas does: by flags and variables, in a folder of its own. */

import { eventually } from "./eventually.ts";
import { type Folder, folderOf } from "./folder.ts";
import { type Mellamo, type Place, started } from "./mellamo.ts";
import { backends } from "./status.ts";

export interface FlagsPlace extends Pick<Place, "env"> {
  /** What is in the folder where it is started. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where it listens by what the command line says, if its log is to say no such thing. */
  readonly port?: number;
}

/** The words of a command line without quotes; `words` that hold blanks come as they are. */
export function wordsOf(line: string | readonly string[]): readonly string[] {
  return typeof line === "string" ? line.split(" ").filter((word) => word !== "") : line;
}

/** Listens on a port of its own unless the command line says where; resolves when each backend was looked at. */
export async function startedBy(
  line: string | readonly string[],
  { env, files, port }: FlagsPlace = {},
): Promise<Mellamo> {
  const folder: Folder = await folderOf(files);
  const words = wordsOf(line);
  const isSaid = env?.["GOLLAMAS_LISTEN"] !== undefined || words.some((word) => word.startsWith("--listen"));
  const listen = isSaid ? [] : ["--listen", "127.0.0.1:0"];
  const router = await started([...words, ...listen], folder, {
    ...(env && { env }),
    ...(port !== undefined && { port }),
  });
  if (router.url.startsWith("http"))
    await eventually(
      () => backends(router),
      (all) => all.every(({ up, trouble }) => up || trouble !== null),
    );
  return router;
}

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = server;
  await server.stop(true);
  return port;
}
