/** A key that the router does not know is a mistake, and the known key that was probably meant is named. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

test.each([
  ["severs = 1", '1:1: severs: unknown key, did you mean "server"?'],
  ["\n[alias]\na = 1", '2:1: alias: unknown key, did you mean "aliases"?'],
  ["\n[[backends]]\nurl = 1", '2:1: backends: unknown key, did you mean "backend"?'],
  ['server.lisen = ":1"', '1:8: server.lisen: unknown key, did you mean "listen"?'],
  ['server.Listen = ":1"', '1:8: server.Listen: unknown key, did you mean "listen"?'],
  ['server.maxbody = "1B"', '1:8: server.maxbody: unknown key, did you mean "max_body"?'],
  ['server.max-body = "1B"', '1:8: server.max-body: unknown key, did you mean "max_body"?'],
  ['server.darin = "1s"', '1:8: server.darin: unknown key, did you mean "drain"?'],
  ["server.origin = []", '1:8: server.origin: unknown key, did you mean "origins"?'],
  [
    'health.probe_intervall = "1s"',
    '1:8: health.probe_intervall: unknown key, did you mean "probe_interval"?',
  ],
  ["routing.queue_siez = 1", '1:9: routing.queue_siez: unknown key, did you mean "queue_size"?'],
  ["routing.stickey = true", '1:9: routing.stickey: unknown key, did you mean "sticky"?'],
  ['timeouts.firstbyte = "1s"', '1:10: timeouts.firstbyte: unknown key, did you mean "first_byte"?'],
  ["health.failure = 3", '1:8: health.failure: unknown key, did you mean "failures"?'],
  ['health.maxpause = "1s"', '1:8: health.maxpause: unknown key, did you mean "max_pause"?'],
  ["server.header = true", '1:8: server.header: unknown key, did you mean "headers"?'],
  ['log.levle = "info"', '1:5: log.levle: unknown key, did you mean "level"?'],
  ["listing.alias = true", '1:9: listing.alias: unknown key, did you mean "aliases"?'],
  [
    "aliases.a = { target = 1, targets = ['m'] }",
    '1:15: aliases.a.target: unknown key, did you mean "targets"?',
  ],
  [
    "aliases.a = [{ model = 'm', bakend = 'b' }]",
    '1:29: aliases.a.0.bakend: unknown key, did you mean "backend"?',
  ],
])("the unknown key of %j is told with the nearest known one", (toml, mistake) => {
  expect(mistakesOf(toml)).toEqual([mistake]);
});

test.each(["colour", "x", "listenlistenlisten", "", "server", "ł".repeat(200)])(
  "nothing is suggested for %j, which is near to no key of its table",
  (key) => {
    const [mistake = ""] = mistakesOf(`[server]\n"${key}" = 1\n`);
    expect(mistake).toEndWith(": unknown key");
  },
);

test("every unknown key of a table is told, beside what else is wrong in it", () => {
  const toml = `[[backend]]
urll = "http://a:1"
nam = "a"
priority = "high"
kye = "k"
colour = "red"
`;
  expect(mistakesOf(toml)).toEqual([
    "1:1: backend.0.url: missing",
    '2:1: backend.0.urll: unknown key, did you mean "url"?',
    '3:1: backend.0.nam: unknown key, did you mean "name"?',
    '4:1: backend.0.priority: expected an integer, got "high"',
    '5:1: backend.0.kye: unknown key, did you mean "key"?',
    "6:1: backend.0.colour: unknown key",
  ]);
});

test("unknown keys of a pin and of every target are told", () => {
  const toml = `[[backend]]
name = "b"
url = "http://a:1"
[models]
m = { backend = "b", bakcend = "c" }
[aliases]
a = [{ model = "m", modell = "n" }, { modle = "m", model = "m" }]
`;
  expect(mistakesOf(toml)).toEqual([
    '5:22: models.m.bakcend: unknown key, did you mean "backend"?',
    '7:21: aliases.a.0.modell: unknown key, did you mean "model"?',
    '7:39: aliases.a.1.modle: unknown key, did you mean "model"?',
  ]);
});

test.each(["wieght = 1", "max_inflght = 1", 'conect = "1s"', 'max-pause = "1s"'])(
  "of a backend with %s it is told which key was meant",
  (line) => {
    const [mistake = ""] = mistakesOf(`[[backend]]\nurl = "http://a:1"\n${line}\n`);
    expect(mistake).toMatch(/^3:1: .* did you mean "(weight|max_inflight|connect|max_pause)"\?$/);
  },
);

test("a key of another table is unknown where it does not belong", () => {
  expect(mistakesOf('listen = ":1"\n[log]\ndrain = "1s"\n[server]\nurl = 1\n')).toEqual([
    "1:1: listen: unknown key, it belongs below [server]",
    "3:1: log.drain: unknown key",
    "5:1: server.url: unknown key",
  ]);
  expect(mistakesOf('queue_size = 1\nfirst_byte = "1s"\nfailures = 2\n')).toEqual([
    "1:1: queue_size: unknown key, it belongs below [routing]",
    "2:1: first_byte: unknown key, it belongs below [timeouts]",
    "3:1: failures: unknown key, it belongs below [health]",
  ]);
});
