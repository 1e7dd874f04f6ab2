/** What clients and engines say to each other, and the keys they say it with, never show up in a log or an error. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { rawClient } from "../support/client.ts";
import { command, mellamo } from "../support/mellamo.ts";

const SECRETS = [
  "sk-client",
  "sk-backend",
  "sk-anthropic",
  "the-prompt",
  "the-answer",
  "the-cookie",
  "the-query",
  "the-user",
  "the-password",
];

function expectNone(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

test("not in the log, at its most talkative, whatever happens to a request", async () => {
  const outcomes = ["answer", "reset", "break", "nonsense"];
  let count = 0;
  await using backend = await rawBackend(["m"], async (talk) => {
    const outcome = outcomes[count++ % outcomes.length];
    if (outcome === "answer") await talk.answer(200, '{"model":"m","text":"the-answer"}');
    else if (outcome === "reset") talk.reset();
    else if (outcome === "break")
      await talk.send("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\nthe-answer").then(() => talk.reset());
    else await talk.send("the-answer\r\n\r\n").then(() => talk.end());
  });
  await using router = await mellamo(
    `[log]\nlevel = "debug"\n[[backend]]\nurl = "${backend.url}"\nengine = "openai"\nkey = "\${KEY}"\n`,
    { env: { KEY: "sk-backend" } },
  );
  const headers = { authorization: "Bearer sk-client", "x-api-key": "sk-anthropic", cookie: "the-cookie=1" };
  const bodies = [
    '{"model":"m","prompt":"the-prompt"}',
    '{"model":"nope","prompt":"the-prompt"}',
    '{"model":5,"prompt":"the-prompt"}',
    '{"prompt":"the-prompt',
    "the-prompt",
    '{"model":"m\\u0001","p":"the-prompt"}',
  ];
  for (const body of [...bodies, ...bodies]) {
    for (const path of [
      "/v1/chat/completions?key=the-query",
      "/api/chat?key=the-query",
      "/v1/messages",
      "/nope",
    ]) {
      const answer = await fetch(router.url + path, { method: "POST", headers, body });
      const text = await answer.text();
      if (!answer.ok) expectNone(text);
    }
  }
  using client = await rawClient(router.port);
  client.send(
    "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-client\r\nContent-Length: 99\r\n\r\nthe-prompt",
  );
  client.leave();
  await fetch(`${router.url}/mellamo/status`).then(async (answer) => expectNone(await answer.text()));
  await router.end("SIGTERM");
  expect(router.log.text).toContain("event=request");
  expectNone(router.log.text);
});

test("not in what is said of a configuration", async () => {
  const file = `${import.meta.dir}/../../node_modules/.cache/secrets-${process.pid}.toml`;
  await Bun.write(
    file,
    `[[backend]]\nurl = "http://the-user:the-password@localhost:1"\nkey = "sk-backend with a blank"\n[[backend]]\nurl = 5\nkey = ["sk-backend"]\n`,
  );
  const { status, err, out } = await command(["check", "--config", file]);
  await Bun.file(file).delete();
  expect(status).toBe(1);
  expect(err.split("\n").length).toBeGreaterThan(4);
  expectNone(err + out);
});

test("a backend's key reaches that backend and no client", async () => {
  await using backend = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  await using router = await mellamo(
    `[[backend]]\nurl = "${backend.url}"\nengine = "openai"\nkey = "sk-backend"\n`,
  );
  const answer = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-api-key": "sk-client" },
    body: '{"model":"m"}',
  });
  const { headers } = await backend.talk(0);
  expect(headers.get("authorization")).toBe("Bearer sk-backend");
  expect(headers.get("x-api-key")).toBeUndefined();
  expectNone(JSON.stringify([...answer.headers]) + (await answer.text()));
});
