/** A model goes to the engine at its URL, or of its connection; there is one connection to a URL, unless ids say otherwise. */

import { describe, expect, test } from "bun:test";

import { readBy } from "../support/given.ts";

/** The connections as `NAME=URL`, and the routes as `MODEL=NAME…`. */
function routesBy(line: string, toml = ""): { connections: string[]; routes: string[] } {
  const { backends, pins } = readBy(line, {}, toml).config;
  return {
    connections: backends.map(({ name, origin }) => `${name}=${origin}`),
    routes: [...pins].map(([model, names]) => `${model}=${names.join(" ")}`),
  };
}

describe("a connection", () => {
  test.each([
    ["by a URL is called by its host and port", "--proxy m=http://h:1", "h:1=http://h:1", "m=h:1"],
    ["of a URL without a port goes to port 80", "--proxy m=http://h", "h=http://h", "m=h"],
    ["by https goes to port 443", "--proxy m=https://h", "h=https://h", "m=h"],
    ["of a URL with a slash is the same", "--proxy m=http://h:1/", "h:1=http://h:1", "m=h:1"],
    ["may have an IPv6 address", "--proxy m=http://[::1]:1", "[::1]:1=http://[::1]:1", "m=[::1]:1"],
    ["may have an id", "--connection c=http://h:1 --proxy m=c", "c=http://h:1", "m=c"],
    ["may be told behind the model", "--proxy m=c --connection c=http://h:1", "c=http://h:1", "m=c"],
    [
      "of an id is meant by its URL, too",
      "--proxy m=http://h:1/ --connection c=http://h:1",
      "c=http://h:1",
      "m=c",
    ],
    [
      "may be given twice",
      "--connection c=http://h:1 --connection c=http://h:1/ --proxy m=c",
      "c=http://h:1",
      "m=c",
    ],
  ])("%s", (_, line, connection, route) => {
    expect(routesBy(line)).toEqual({ connections: [connection], routes: [route] });
  });
});

describe("the name of a model", () => {
  test.each([
    "llama3.2-vision",
    "deepseek-r1:14b",
    "org/model",
    "hf.co/org/repo:Q4",
    "host:5000/org/model:7b",
  ])("may be %s", (name) => {
    expect(routesBy(`--proxy ${name}=http://h:1`).routes).toEqual([`${name.toLowerCase()}=h:1`]);
  });

  test.each([
    ["--alias", "gpt-3.5-turbo=hf.co/org/repo:Q4"],
    ["--alias", "claude-*=m"],
    ["--aliases", "org/name:tag=m"],
  ])("may be so in %s %s", (flag, pair) => {
    const { aliases } = readBy(`${flag} ${pair}`).config;
    expect(aliases.map(({ name, targets }) => `${name}=${targets[0]?.model}`)).toEqual([pair]);
  });

  test("means the same with :latest and in any letter case", () => {
    expect(routesBy("--proxy Tiny:latest=http://a:1 --proxy tiny=http://b:2").routes).toEqual([
      "tiny=a:1 b:2",
    ]);
  });
});

describe("connections", () => {
  test("several models at one URL share one", () => {
    const { connections, routes } = routesBy("--proxy m=http://h --proxy n=http://h/ --proxy o=http://h:80");
    expect(connections).toEqual(["h=http://h"]);
    expect(routes).toEqual(["m=h", "n=h", "o=h"]);
  });

  test("two ids for one URL are two, and the URL means the first", () => {
    const line = "--connection c=http://h --connection d=http://h --proxy m=d --proxy n=http://h";
    expect(routesBy(line)).toEqual({ connections: ["c=http://h", "d=http://h"], routes: ["m=d", "n=c"] });
  });

  test("ids that differ in letter case are two", () => {
    const line = "--connection c=http://a --connection C=http://b --proxy m=C --proxy n=c";
    expect(routesBy(line)).toEqual({ connections: ["c=http://a", "C=http://b"], routes: ["m=C", "n=c"] });
  });

  test("one host by http and by https is two", () => {
    expect(routesBy("--proxy m=http://h --proxy n=https://h")).toEqual({
      connections: ["h=http://h", "h:443=https://h"],
      routes: ["m=h", "n=h:443"],
    });
  });

  test("a host that is called like the id of another is told by its port, too", () => {
    expect(routesBy("--connection h=http://other:1 --proxy m=http://h --proxy n=h")).toEqual({
      connections: ["h=http://other:1", "h:80=http://h"],
      routes: ["m=h:80", "n=h"],
    });
  });
});

describe("several routes of one model", () => {
  test.each([
    "--proxy m=http://a:1 --proxy m=http://b:2",
    "--proxies m=http://a:1,m=http://b:2",
    "--connection x=http://a:1 --proxy m=http://a:1 --proxy m=http://b:2 --proxy m=x",
  ])("all hold, and it is said that they do: %s", (line) => {
    const { config, written } = readBy(line);
    const [first = "", second = ""] = config.pins.get("m") ?? [];
    expect(config.backends.map(({ name }) => name)).toEqual([first, second]);
    const flag = line.includes("--proxies") ? "--proxies" : "--proxy";
    expect(written.warnings).toEqual([`${flag}: "m" is served by ${first} and ${second} alike`]);
  });

  test("to the same place are one, and it is said that it was said twice", () => {
    const { config, written } = readBy("--proxy m=http://a:1 --proxy M:latest=http://a:1/");
    expect([...config.pins]).toEqual([["m", ["a:1"]]]);
    expect(written.warnings).toEqual(['--proxy: "m" is said twice, to no other effect']);
  });

  test("one alias of several models stands for any of them", () => {
    const { config, written } = readBy("--alias x=m --alias X=n");
    expect(
      config.aliases.map(({ targets, strategy }) => [targets.map(({ model }) => model), strategy]),
    ).toEqual([[["m", "n"], "pool"]]);
    expect(written.warnings).toEqual(['--alias: "x" stands for m or n, whichever can be had']);
  });
});

describe("over a file", () => {
  const FILE = '[[backend]]\nname = "big"\nurl = "http://h:1"\nmax_inflight = 4\n';

  test("its backends are meant by their names and URLs, and keep their settings", () => {
    const line = "--proxy m=big --proxy n=http://h:1 --proxy o=http://other:1";
    expect(routesBy(line, FILE)).toEqual({
      connections: ["big=http://h:1", "other:1=http://other:1"],
      routes: ["m=big", "n=big", "o=other:1"],
    });
    expect(readBy(line, {}, FILE).config.backends[0]?.limits.maxInflight).toBe(4);
  });

  test("a connection of the same id has another URL, and keeps its other settings", () => {
    const [backend] = readBy("--connection big=http://new:2", {}, FILE).config.backends;
    expect([backend?.origin, backend?.limits.maxInflight]).toEqual(["http://new:2", 4]);
  });

  test("a model goes elsewhere, and keeps its parameters", () => {
    const toml = `${FILE}[models]\n"M:latest" = { backend = "big", keep_alive = "1h" }\n`;
    const { config } = readBy("--proxy m=http://other:1", {}, toml);
    expect(config.pins.get("m")).toEqual(["other:1"]);
    expect(config.models.get("m")).toEqual(readBy("", {}, toml).config.models.get("m"));
  });

  test("an alias stands for something else", () => {
    const toml = `${FILE}[aliases]\n"X:latest" = "old"\ny = "kept"\n`;
    const { aliases } = readBy("--alias x=new", {}, toml).config;
    expect(aliases.map(({ name, targets }) => [name, targets[0]?.model])).toEqual([
      ["X:latest", "new"],
      ["y", "kept"],
    ]);
  });
});
