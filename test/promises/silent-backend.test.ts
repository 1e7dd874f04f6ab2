/** A backend that says nothing delays no list, and no request that another can serve. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { mellamo } from "../support/mellamo.ts";
import { backends } from "../support/status.ts";

/** Far more than a list needs, far less than a look at a silent backend takes. */
const AT_ONCE_MS = 1000;

const SLOW_LOOKS = '[health]\nprobe_interval = "100ms"\nprobe_timeout = "30s"\n';

const LISTS = [
  "/api/tags",
  "/api/ps",
  "/v1/models",
  "/v1/models/m",
  "/api/version",
  "/mellamo/status",
  "/healthz",
  "/readyz",
];

test("from the start on", async () => {
  await using silent = await rawBackend(["x"], () => {});
  silent.list(undefined);
  await using good = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  await using router = await mellamo(
    `${SLOW_LOOKS}[[backend]]\nname = "silent"\nurl = "${silent.url}"\nengine = "openai"\npriority = 200\n[[backend]]\nname = "good"\nurl = "${good.url}"\nengine = "openai"\n`,
  );
  for (const path of LISTS) expect((await within(AT_ONCE_MS, fetch(router.url + path))).status).toBe(200);
  const answer = await within(
    AT_ONCE_MS,
    fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' }),
  );
  expect(await answer.json()).toEqual({ model: "m" });
});

test("once it has fallen silent, and its models stay listed", async () => {
  await using backend = await rawBackend(["a", "b"], () => {});
  await using router = await mellamo(
    `[health]\nprobe_interval = "50ms"\nprobe_timeout = "200ms"\n[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
  backend.list(undefined);
  await router.log.until(/event="backend down" backend=b .*why="no answer in time"/);
  for (const path of LISTS.filter((one) => one !== "/v1/models/m" && one !== "/readyz")) {
    expect((await within(AT_ONCE_MS, fetch(router.url + path))).status).toBe(200);
  }
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id).sort()).toEqual(["a", "b"]);
  backend.list(["a"]);
  await router.log.until(/event="backend up"[^\n]*models=1/);
  expect((await backends(router))[0]?.up).toBe(true);
});

test("even while 100 clients ask for lists all the time", async () => {
  await using silent = await rawBackend(["x"], () => {});
  silent.list(undefined);
  await using router = await mellamo(`${SLOW_LOOKS}[[backend]]\nurl = "${silent.url}"\nengine = "openai"\n`);
  const asked = Array.from({ length: 100 }, () => within(AT_ONCE_MS, fetch(`${router.url}/api/tags`)));
  const answers = await Promise.all(asked);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});
