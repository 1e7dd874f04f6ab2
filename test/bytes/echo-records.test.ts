/** Each record of a stream gets the name, wherever it begins and however it ends. */

import { expect, test } from "bun:test";

import { echoedEitherWay } from "../support/echoed.ts";

test.each([
  ["each line", '{"model":"e"}\n{"model":"f"}\n', '{"model":"ALIAS"}\n{"model":"ALIAS"}\n'],
  ["the last line without an end", '{"x":1}\n{"model":"e"}', '{"x":1}\n{"model":"ALIAS"}'],
  [
    "lines that end in CRLF",
    '{"model":"e"}\r\n{"model":"e"}\r\n',
    '{"model":"ALIAS"}\r\n{"model":"ALIAS"}\r\n',
  ],
  [
    "lines between empty ones",
    '\n{"model":"e"}\n\n{"model":"e"}\n',
    '\n{"model":"ALIAS"}\n\n{"model":"ALIAS"}\n',
  ],
  ["the line behind one cut off", '{"a":["x\n{"model":"e"}\n', '{"a":["x\n{"model":"ALIAS"}\n'],
  [
    "the line behind one cut off in its name",
    '{"model":"tin\n{"model":"e"}',
    '{"model":"ALIAS"\n{"model":"ALIAS"}',
  ],
  ["the line behind one of junk", '}]"\n{"model":"e"}\n', '}]"\n{"model":"ALIAS"}\n'],
])("of an answer in lines: %s", (_, text, expected) => {
  expect(echoedEitherWay("lines", text)).toBe(expected);
});

const E = '{"model":"e"}';
const A = '{"model":"ALIAS"}';

test.each([
  [
    "each event",
    `data: ${E}\n\ndata: ${E}\n\ndata: [DONE]\n\n`,
    `data: ${A}\n\ndata: ${A}\n\ndata: [DONE]\n\n`,
  ],
  ["without a blank", `data:${E}\n\n`, `data:${A}\n\n`],
  ["lines that end in CRLF", `data: ${E}\r\n\r\ndata: ${E}\r\n\r\n`, `data: ${A}\r\n\r\ndata: ${A}\r\n\r\n`],
  ["events with a type", `event: message_start\ndata: ${E}\n\n`, `event: message_start\ndata: ${A}\n\n`],
  ["comments in between", `: ping ${E}\n\ndata: ${E}\n: ${E}\n\n`, `: ping ${E}\n\ndata: ${A}\n: ${E}\n\n`],
  ["other fields", `id: ${E}\nretry: 5\ndata: ${E}\n\n`, `id: ${E}\nretry: 5\ndata: ${A}\n\n`],
  ["a longer field", `database: ${E}\ndat: ${E}\ndata${E}\n\n`, `database: ${E}\ndat: ${E}\ndata${E}\n\n`],
  ["a field behind a blank", ` data: ${E}\n\n`, ` data: ${E}\n\n`],
  [
    "data of several lines",
    'data: {\ndata:"model"\ndata: : "e"\ndata: }\n\n',
    'data: {\ndata:"model"\ndata: : "ALIAS"\ndata: }\n\n',
  ],
  [
    "a comment within data",
    'data: {"a":1,\n: ping\ndata: "model":"e"}\n\n',
    'data: {"a":1,\n: ping\ndata: "model":"ALIAS"}\n\n',
  ],
  ["the event behind one cut off", `data: {"a":"x\n\ndata: ${E}\n\n`, `data: {"a":"x\n\ndata: ${A}\n\n`],
  [
    "the event behind one cut off in its name",
    `data: {"model":"x\n\ndata: ${E}\n\n`,
    `data: {"model":"ALIAS"\n\ndata: ${A}\n\n`,
  ],
  ["an event without an end", `data: ${E}`, `data: ${A}`],
  ["an empty event", `data:\n\ndata: ${E}\n\n`, `data:\n\ndata: ${A}\n\n`],
])("of an answer in events: %s", (_, text, expected) => {
  expect(echoedEitherWay("events", text)).toBe(expected);
});
