/** Starts engines as programs, and kills, freezes and sets them going again. */

import { join } from "node:path";

import type { Random } from "../random.ts";
import { CHEERFUL, type Mood, type Setup, type Told } from "./mood.ts";

const PROGRAM = join(import.meta.dir, "engine.ts");

/** Below the ports that systems give to connections, lest one of those is in the way when a killed engine comes back. */
const LOWEST_PORT = 20_000;
const PORTS = 10_000;

interface Child {
  readonly process: Bun.Subprocess;
  /** The next thing that it tells. */
  readonly told: () => Promise<Told>;
}

/** One engine, and its port through all its lives. */
export class EngineProcess implements AsyncDisposable {
  readonly name: string;
  private readonly setup: Setup;
  private child: Child;

  private constructor(name: string, setup: Setup, child: Child) {
    this.name = name;
    this.setup = setup;
    this.child = child;
  }

  /** On a port that is free. */
  static async start(name: string, setup: Omit<Setup, "port">, random: Random): Promise<EngineProcess> {
    for (;;) {
      const onPort = { ...setup, port: LOWEST_PORT + random.below(PORTS) };
      const child = spawn(onPort);
      if ((await child.told()) === "listening") return new EngineProcess(name, onPort, child);
      await end(child);
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.setup.port}`;
  }

  /** All its connections break, and its port refuses others. */
  async kill(): Promise<void> {
    await end(this.child);
  }

  /** Comes up where it was, in good cheer; resolves when it listens. */
  async restart(): Promise<void> {
    this.child = spawn(this.setup);
    const told = await this.child.told();
    if (told !== "listening") throw new Error(`${this.name} cannot come back: ${told}`);
  }

  /** It holds its connections, takes on new ones as far as the kernel does, and says nothing. */
  freeze(): void {
    this.child.process.kill("SIGSTOP");
  }

  thaw(): void {
    this.child.process.kill("SIGCONT");
  }

  /** For the requests that come from then on; resolves when it is so. */
  async be(mood: Mood): Promise<void> {
    const told = this.child.told();
    this.child.process.send(mood);
    await told;
  }

  async cheerUp(): Promise<void> {
    await this.be(CHEERFUL);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.child);
  }
}

function spawn(setup: Setup): Child {
  let next = Promise.withResolvers<Told>();
  const child = Bun.spawn([process.execPath, PROGRAM, JSON.stringify(setup)], {
    stdout: "ignore",
    stderr: "inherit",
    ipc(told: Told) {
      next.resolve(told);
      next = Promise.withResolvers();
    },
  });
  return { process: child, told: () => next.promise };
}

async function end({ process: child }: Child): Promise<void> {
  child.kill("SIGKILL");
  await child.exited;
}
