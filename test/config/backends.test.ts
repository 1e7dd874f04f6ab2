/** A backend is a URL with a name, and no two backends have the same name. */

import { expect, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

function file(...backends: readonly string[]): string {
  return backends.map((backend) => `[[backend]]\n${backend}\n`).join("");
}

test.each([
  ["http://gpu:11434", "http://gpu:11434", "gpu:11434"],
  ["http://gpu:11434/", "http://gpu:11434", "gpu:11434"],
  ["HTTP://GPU:11434", "http://gpu:11434", "gpu:11434"],
  ["http://gpu", "http://gpu", "gpu"],
  ["http://gpu:80", "http://gpu", "gpu"],
  ["https://api.example.org", "https://api.example.org", "api.example.org"],
  ["https://api.example.org:443/", "https://api.example.org", "api.example.org"],
  ["https://api.example.org:8443", "https://api.example.org:8443", "api.example.org:8443"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080"],
  ["http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"],
])("%s is asked at %s, and called %s unless it is given a name", (url, origin, name) => {
  expect(configOf(file(`url = "${url}"`)).backends[0]).toMatchObject({ origin, name });
  expect(configOf(file(`url = "${url}"\nname = "mine"`)).backends[0]).toMatchObject({ origin, name: "mine" });
});

test("backends stay in the order of the file", () => {
  const { backends } = configOf(file('url = "http://c:1"', 'url = "http://a:1"', 'url = "http://b:1"'));
  expect(backends.map(({ name }) => name)).toEqual(["c:1", "a:1", "b:1"]);
});

test("every later backend of a name is a mistake", () => {
  const backend = (host: string) => `name = "gpu"\nurl = "http://${host}:1"`;
  expect(mistakesOf(file(backend("a"), backend("b"), 'url = "http://d:1"', backend("c")))).toEqual([
    '4:1: backend.1: a second backend is called "gpu"',
    '9:1: backend.3: a second backend is called "gpu"',
  ]);
});

test.each([
  ["two URLs of one host and port", 'url = "http://a:1"', 'url = "http://A:1/"', "a:1"],
  ["http and https on their usual ports", 'url = "http://a"', 'url = "https://a"', "a"],
  ["a name that is another's host and port", 'url = "http://a:1"', 'url = "http://b:1"\nname = "a:1"', "a:1"],
])("%s have the same name", (_, first, second, name) => {
  expect(mistakesOf(file(first, second))).toEqual([`3:1: backend.1: a second backend is called "${name}"`]);
});

test("backends that have no name yet do not share one", () => {
  expect(mistakesOf(file("priority = 1", "priority = 2", 'url = "gpu"', 'url = "gpu"'))).toEqual([
    "1:1: backend.0.url: missing",
    "3:1: backend.1.url: missing",
    "6:1: backend.2.url: expected a URL: put http:// or https:// in front",
    "8:1: backend.3.url: expected a URL: put http:// or https:// in front",
  ]);
});

test("a name has at most a hundred characters", () => {
  const mistakes = (name: string) => mistakesOf(file(`url = "http://a:1"\nname = "${name}"`));
  expect(mistakes("x".repeat(100))).toEqual([]);
  expect(mistakes("x".repeat(101))).toHaveLength(1);
});

test("one engine may be two backends under two names", () => {
  const { backends } = configOf(
    file('name = "a"\nurl = "http://gpu:1"', 'name = "b"\nurl = "http://gpu:1"\ninclude = ["x*"]'),
  );
  expect(backends.map(({ name, origin }) => [name, origin])).toEqual([
    ["a", "http://gpu:1"],
    ["b", "http://gpu:1"],
  ]);
});

test("backends may be written as a list of inline tables", () => {
  const inline = 'backend = [{ url = "http://a:1" }, { url = "http://b:1", priority = 7 }]';
  const tables = file('url = "http://a:1"', 'url = "http://b:1"\npriority = 7');
  expect(configOf(inline)).toEqual(configOf(tables));
});

test("a target may name a backend by its host and port", () => {
  const toml = `${file('url = "http://a:1"')}[aliases]\nx = [{ model = "m", backend = "a:1" }]\n`;
  expect(configOf(toml).aliases[0]?.targets).toEqual([{ model: "m", backend: "a:1" }]);
});

test("a backend that is known by name is known, whatever else is wrong with it", () => {
  const toml = `${file('name = "gpu"\nurl = 1')}[aliases]\nx = [{ model = "m", backend = "gpu" }]\n`;
  expect(mistakesOf(toml)).toEqual(["3:1: backend.0.url: expected a URL, got 1"]);
});
