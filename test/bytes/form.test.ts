/** The fields of a multipart form are found in its bytes, whatever stands in its files. */

import { describe, expect, test } from "bun:test";

import { findFormFields, formBoundary } from "../../src/bytes/form.ts";

test.each([
  ["multipart/form-data; boundary=abc", "abc"],
  ["multipart/form-data;boundary=abc", "abc"],
  ["Multipart/Form-Data ; Boundary=aBc", "aBc"],
  ['multipart/form-data; boundary="a b;c"', "a b;c"],
  ["multipart/form-data; charset=utf-8; boundary=abc", "abc"],
  ["multipart/form-data; boundary=abc; charset=utf-8", "abc"],
  ["multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk"],
  ['multipart/form-data; x="; boundary=evil"; boundary=real', "real"],
  ["multipart/form-data; boundary=first; boundary=second", "first"],
  ["multipart/form-data", undefined],
  ["multipart/form-data; charset=utf-8", undefined],
  ["multipart/mixed; boundary=abc", undefined],
  ["application/json; boundary=abc", undefined],
  ["application/x-www-form-urlencoded", undefined],
  ["", undefined],
  [null, undefined],
])("the boundary of %j is %j", (contentType, boundary) => {
  expect(formBoundary(contentType)).toBe(boundary);
});

/** The contents of the parts called "model". */
function models(lines: readonly string[], boundary = "b"): string[] | undefined {
  const body = Buffer.from(lines.join("\r\n"));
  return findFormFields(body, boundary, "model")?.map(({ start, end }) => body.toString("utf8", start, end));
}

const MODEL = 'Content-Disposition: form-data; name="model"';
const FILE = 'Content-Disposition: form-data; name="file"; filename="a.wav"';

const NAMED_FILE = 'Content-Disposition: form-data; filename="a.txt"; name="model"';

test.each<[sentence: string, lines: string[], found: string[]]>([
  ["a part", ["--b", MODEL, "", "tiny", "--b--"], ["tiny"]],
  ["a part behind another", ["--b", FILE, "", "x", "--b", MODEL, "", "tiny", "--b--", ""], ["tiny"]],
  ["an empty part", ["--b", MODEL, "", "", "--b--"], [""]],
  ["an empty part without a line of its own", ["--b", MODEL, "", "--b--"], [""]],
  ["two parts of one name, in order", ["--b", MODEL, "", "x", "--b", MODEL, "", "y", "--b--"], ["x", "y"]],
  ["a content with line breaks", ["--b", MODEL, "", "x", "", "y", "", "--b--"], ["x\r\n\r\ny\r\n"]],
  ["other headers beside it", ["--b", "Content-Type: text/plain", MODEL, "X: y", "", "t", "--b--"], ["t"]],
  ["headers in other letters", ["--b", "content-DISPOSITION:form-data;NAME=model", "", "t", "--b--"], ["t"]],
  [
    "a text in front and behind",
    ["text", "--b", MODEL, "", "t", "--b--", "--b", MODEL, "", "u", "--b--"],
    ["t"],
  ],
  ["blanks behind a boundary", ["--b \t", MODEL, "", "t", "--b \t", FILE, "", "", "--b--"], ["t"]],
  ["a part whose file's name comes first", ["--b", NAMED_FILE, "", "t", "--b--"], ["t"]],
  ["no such part", ["--b", FILE, "", "x", "--b--"], []],
  ["a form without parts", ["--b--", ""], []],
])("it finds %s", (_, lines, found) => {
  expect(models(lines)).toEqual(found);
});

describe("nothing is found where a part only looks like it", () => {
  test.each([
    ["another letter case", 'Content-Disposition: form-data; name="Model"'],
    ["a longer name", 'Content-Disposition: form-data; name="models"'],
    ["a name with a quote", 'Content-Disposition: form-data; name="\\"model"'],
    ["a name without an end", 'Content-Disposition: form-data; name="model'],
    ["a file's name", 'Content-Disposition: form-data; name="file"; filename="model"'],
    [
      "a file's name that looks like a parameter",
      'Content-Disposition: form-data; name="f"; filename="; name=model"',
    ],
    [
      "a file's name that looks like a parameter, ahead of the name",
      'Content-Disposition: form-data; filename="a; name=model ;"; name="file"',
    ],
    ["another header", 'X-Content-Disposition: form-data; name="model"'],
    ["no header at all", "X: y"],
  ])("%s", (_, header) => {
    expect(models(["--b", header, "", "x", "--b--"])).toEqual([]);
  });

  test.each([
    ["headers within a file", ["--b", FILE, "", MODEL, "", "fake", "--b--"]],
    ["a boundary within a line of a file", ["--b", FILE, "", `x--b\n${MODEL}\n\nfake`, "--b--"]],
    ["a boundary with one dash less", ["--b", FILE, "", "-b", MODEL, "", "fake", "--b--"]],
    ["a longer line that begins like a boundary", ["--b", FILE, "", "x", "--bx", MODEL, "", "fake", "--b--"]],
    ["a boundary behind a line feed alone", ["--b", FILE, "", `\n--b\n${MODEL}`, "", "fake", "--b--"]],
  ])("%s", (_, lines) => {
    expect(models(lines)).toEqual([]);
  });
});

const whole = ["--b", FILE, "", "x", "--b", MODEL, "", "tiny", "--b--"].join("\r\n");

test("a form that is cut off anywhere is none", () => {
  for (let end = 0; end < whole.length; end++) expect(models([whole.slice(0, end)])).toBeUndefined();
  expect(models([whole])).toEqual(["tiny"]);
});

test("headers longer than anybody's are not read", () => {
  expect(models(["--b", `X: ${"x".repeat(20_000)}`, MODEL, "", "t", "--b--"])).toBeUndefined();
});

test("a form of another boundary is none", () => {
  expect(models([whole], "c")).toBeUndefined();
});

test("a body that is part of a larger buffer is read at its own place", () => {
  const body = Buffer.from(`xxx${whole}`).subarray(3);
  const [span] =
    findFormFields(new Uint8Array(body.buffer, body.byteOffset, body.length), "b", "model") ?? [];
  expect(body.toString("utf8", span?.start, span?.end)).toBe("tiny");
});
