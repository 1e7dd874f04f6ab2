/** A line of the log is one line, whatever stands in it, and says nothing to a terminal. */

import { expect, test } from "bun:test";

import { logTo } from "../../src/telemetry/log.ts";

/** All that a terminal obeys, and all that any reader takes for the end of a line. */
const CONTROLS = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  0x2028,
  0x2029,
].map((code) => String.fromCharCode(code));

test.each(["logfmt", "json"] as const)("in %s what a client has sent stands for itself alone", (format) => {
  const lines: string[] = [];
  const log = logTo(
    (line) => lines.push(line),
    "info",
    format,
    () => new Date(0),
  );
  const path = `/é"${CONTROLS.join("x")}`;
  log.info("request", { path });
  const [line = ""] = lines;
  expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(line).toEndWith("\n");
  const told: unknown = format === "json" ? JSON.parse(line).path : JSON.parse(line.split(" path=")[1] ?? "");
  expect(told).toBe(path);
});
