/** Large bodies reach the engine byte for byte: many at once, and each of them again where an engine refuses. */

import { expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";

import { mellamo } from "../support/mellamo.ts";

const MIB = 1024 * 1024;

/** An engine that tells the digest and the length of what it was asked. */
function digester(isRefusing: boolean): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    maxRequestBodySize: 1024 * MIB,
    async fetch(request) {
      if (request.method === "GET") return Response.json({ object: "list", data: [{ id: "org/model" }] });
      const body = await request.bytes();
      if (isRefusing) return Response.json({ error: { message: "out of order" } }, { status: 503 });
      const length = Number(request.headers.get("content-length"));
      return Response.json({ model: "org/model", digest: digestOf(body), length });
    },
  });
}

function digestOf(bytes: Uint8Array | string): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

/** The name stands in front of the long text, and behind it; no two texts are the same. */
function question(name: string, bytes: number, index: number): string {
  const text = `${index} ${"é\\n𝕏 ".repeat(Math.ceil(bytes / 10))}`.slice(0, bytes);
  return `{"model":"${name}","messages":[{"role":"user","content":${JSON.stringify(text)}}],"model":"${name}"}`;
}

const SIZES = [MIB - 1000, MIB + 1, 3 * MIB, 7 * MIB];

test.each([
  ["by an alias", "gpt-4o"],
  ["by the model's own name", "org/model"],
])("%s: four at once, after another engine has refused each of them", async (_, name) => {
  const refusing = digester(true);
  const serving = digester(false);
  try {
    const tables = [refusing, serving].map(
      ({ port }, index) =>
        `[[backend]]\nurl = "http://127.0.0.1:${port}"\nengine = "openai"\npriority = ${200 - index}\n`,
    );
    await using router = await mellamo(
      `${tables.join("")}[health]\nfailures = 100\n[aliases]\ngpt-4o = "org/model"\n`,
    );
    const told = await Promise.all(
      SIZES.map(async (bytes, index) => {
        const response = await fetch(`${router.url}/v1/chat/completions`, {
          method: "POST",
          body: question(name, bytes, index),
        });
        expect(response.headers.get("x-mellamo-attempts")).toBe("2");
        return response.json();
      }),
    );
    const sent = SIZES.map((bytes, index) => question("org/model", bytes, index));
    expect(told).toEqual(
      sent.map((text) => ({ model: name, digest: digestOf(text), length: Buffer.byteLength(text) })),
    );
  } finally {
    await Promise.all([refusing.stop(true), serving.stop(true)]);
  }
});

test.skipIf(process.platform !== "linux")("one of 100 MiB is not there twice", async () => {
  const engine = digester(false);
  try {
    await using router = await mellamo(
      `[[backend]]\nurl = "http://127.0.0.1:${engine.port}"\nengine = "openai"\n[aliases]\ngpt-4o = "org/model"\n`,
    );
    await writeFile(`/proc/${router.pid}/clear_refs`, "5");
    const body = question("gpt-4o", 100 * MIB, 0);
    const response = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body });
    expect(((await response.json()) as { length: number }).length).toBeGreaterThan(100 * MIB);
    const status = await readFile(`/proc/${router.pid}/status`, "utf8");
    const peakMib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    expect(peakMib).toBeLessThan(1.7 * (Buffer.byteLength(body) / MIB));
  } finally {
    await engine.stop(true);
  }
});
