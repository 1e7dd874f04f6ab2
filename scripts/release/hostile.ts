/** A folder that is out to harm whatever is started in it: files that Bun would read there, if it were let. */

/** Names and texts. */
export const HOSTILE: Readonly<Record<string, string>> = {
  "bunfig.toml": 'preload = ["./evil.ts"]\n[serve]\nport = 1\n',
  "evil.ts": 'console.log("evil was here"); process.exit(66);\n',
  ".env": [
    "MELLAMO_CONFIG=/nonexistent/evil.toml",
    "MELLAMO_HOST=evil.example:1",
    "GOLLAMAS_LISTEN=127.0.0.1:1",
    "BUN_OPTIONS=--preload=./evil.ts",
    "",
  ].join("\n"),
  "package.json": '{"name":"evil","type":"commonjs","imports":{"#x":"./evil.ts"}}\n',
  "tsconfig.json": '{"compilerOptions":{"paths":{"*":["./evil.ts"]}}}\n',
};
