/**
 * What any proxy on Bun pays at least: the body is read, sent on, and the answer handed back. It resolves no name, echoes
 * none, cleans no header but what would end connections, and has no deadline.
 */

const [origin, port] = process.argv.slice(2);

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  development: false,
  idleTimeout: 0,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  async fetch(request) {
    const body = request.method === "POST" ? await request.bytes() : null;
    const { headers } = request;
    headers.delete("host");
    headers.delete("connection");
    return fetch(`${origin}${request.url.slice(request.url.indexOf("/", "http://".length))}`, {
      method: request.method,
      headers,
      body,
      decompress: false,
    });
  },
});
console.log(server.url.href);
