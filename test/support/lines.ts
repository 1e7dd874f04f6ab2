/** Lines of a stream as they come, and a way to wait for one of them. */

export class Lines {
  readonly all: string[] = [];
  private readonly waiting = new Set<() => void>();
  private ended = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    void this.read(stream);
  }

  get text(): string {
    return this.all.join("\n");
  }

  /** The first line that matches; rejects when the stream ends without one, or after `deadlineMs`. */
  async until(pattern: RegExp, deadlineMs = 10_000): Promise<string> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const found = this.all.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.ended || Date.now() >= deadline) throw new Error(`No line matches ${pattern}:\n${this.text}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, deadline - Date.now());
      this.waiting.add(resolve);
      await promise;
      this.waiting.delete(resolve);
      clearTimeout(timer);
    }
  }

  private async read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      this.all.push(...lines);
      this.wake();
    }
    if (rest !== "") this.all.push(rest);
    this.ended = true;
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
  }
}
