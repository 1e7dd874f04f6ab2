/** `mellamo demo` shows the program at work on this machine alone, and stays up for whoever wants to try it. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { within } from "../support/deadline.ts";
import { Lines } from "../support/lines.ts";
import { cleanEnv, command, PROGRAM, type Result } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const MODELS = {
  Ollama: "llama3.1:8b",
  "LM Studio": "llama-3.1-8b-instruct",
  "llama.cpp": "Meta-Llama-3.1-8B-Instruct.gguf",
};

function expectTour({ status, out, err }: Result): void {
  expect([err, status]).toEqual(["", 0]);

  for (const [engine, model] of Object.entries(MODELS)) {
    expect(out).toMatch(new RegExp(`^ +${engine} +"${RegExp.escape(model)}"$`, "m"));
  }
  expect(out).toContain(
    `my-llama = [${Object.values(MODELS)
      .map((model) => `"${model}"`)
      .join(", ")}]`,
  );

  const steps = out.split("\n* ").slice(1);
  const asked = steps.flatMap((step) => /asked {5}(POST .+)$/m.exec(step)?.[1] ?? []);
  expect(asked).toEqual([
    'POST /api/chat  model: "my-llama"',
    'POST /v1/chat/completions  model: "gpt-4o"',
    'POST /v1/messages  model: "claude-sonnet-4-5"',
    'POST /v1/messages  model: "claude-sonnet-4-5"',
    'POST /api/chat  model: "chat"',
  ]);
  const served = steps.flatMap(
    (step) => /answered {2}by (.+), which calls it "(.+)"$/m.exec(step)?.slice(1) ?? [],
  );
  const engines = served.filter((_, index) => index % 2 === 0);
  expect(new Set(engines.slice(0, 3))).toEqual(new Set(Object.keys(MODELS)));
  expect(served.filter((_, index) => index % 2 === 1)).toEqual(
    engines.map((engine) => new Map(Object.entries(MODELS)).get(engine) ?? "an unknown engine"),
  );
  expect(out).toContain(`* ${engines[2]} is switched off, and the same client asks the same name again.`);
  expect(engines[3]).not.toBe(engines[2]);
  expect(out).toContain("* `ollama cp my-llama chat` makes another name while it runs (status 200).");
  expect(out.match(/^ {4}ok$/gm)).toHaveLength(5);
  expect(out).toEndWith("\nAll of it went as told.\n");
}

test("demo --once tells of one alias on three engines in three dialects, and ends with 0", async () => {
  // two at once: the second finds the address of the first taken
  const demos = await Promise.all([command(["demo", "--once"]), command(["demo", "--once"])]);
  for (const demo of demos) expectTour(demo);
  const urls = demos.map(({ out }) => /on (http:\S+),/.exec(out)?.[1]);
  expect(new Set(urls).size).toBe(2);
});

/** What a printed curl line asks for, and what came back. */
async function perform(line: string): Promise<Response> {
  const [, url = "", body] = /^\s*curl (?:-N )?(\S+)(?: -d '(.+)')?$/.exec(line) ?? [];
  return fetch(url, body === undefined ? {} : { method: "POST", body });
}

test("demo stays up, answers the three calls that it prints, and ends with 0 on SIGINT", async () => {
  const child = Bun.spawn([...PROGRAM, "demo"], { env: cleanEnv(), stdout: "pipe", stderr: "pipe" });
  try {
    const said = new Lines(child.stdout);
    await said.until(/curl .+gpt-anything/);
    const [models = "", ollama = "", openai = "", ...others] = said.all.filter((line) =>
      /^\s*curl /.test(line),
    );
    expect(others).toEqual([]);

    const list = (await (await perform(models)).json()) as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id)).toContain("my-llama");

    const chat = await perform(ollama);
    const lines = (await chat.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ model }) => model)).toEqual(lines.map(() => "my-llama"));
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: "stop" });

    const events = (await (await perform(openai)).text()).trim().split("\n\n");
    expect(events.at(-1)).toBe("data: [DONE]");
    expect(events.slice(0, -1).every((event) => event.includes('"model":"gpt-anything"'))).toBe(true);

    child.kill("SIGINT");
    expect(await within(10_000, child.exited)).toBe(0);
    expect(await child.stderr.text()).toBe("");
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});
