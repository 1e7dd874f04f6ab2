/** Puts load on a system with wrk, and reads what it tells. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as v from "valibot";

import { PATH } from "./question.ts";

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly body: string;
}

const Told = v.object({
  requests: v.number(),
  seconds: v.number(),
  p50Us: v.number(),
  p99Us: v.number(),
  failures: v.number(),
});

export type Told = v.InferOutput<typeof Told>;

/** A script in wrk's language, as small as can be: what wrk itself prints is for people. */
function script(bodyFile: string): string {
  return `wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = io.open(${JSON.stringify(bodyFile)}, "rb"):read("*a")
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%.6f,"p50Us":%d,"p99Us":%d,"failures":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

export class Wrk {
  private readonly program: string;
  private readonly folder: string;

  constructor(program: string, folder: string) {
    this.program = program;
    this.folder = folder;
  }

  /** Throws where a single request failed. */
  async run({ url, connections, seconds, body }: Load): Promise<Told> {
    const bodyFile = join(this.folder, "body.json");
    const scriptFile = join(this.folder, "load.lua");
    await writeFile(bodyFile, body);
    await writeFile(scriptFile, script(bodyFile));
    const child = Bun.spawn(
      [
        this.program,
        "-t1",
        `-c${connections}`,
        `-d${seconds}s`,
        "--timeout",
        "60s",
        "-s",
        scriptFile,
        url + PATH,
      ],
      { stdout: "pipe", stderr: "pipe" },
    );
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    const told = v.safeParse(Told, JSON.parse(out.trim().split("\n").at(-1) ?? "null"));
    if (!told.success) throw new Error(`wrk says: ${out}${err}`);
    if (told.output.failures > 0) throw new Error(`${told.output.failures} requests to ${url} have failed`);
    return told.output;
  }
}
