/** nginx as the measure: one worker that does nothing but pass, over connections that are kept. */

/** `folder` takes all that it writes. Buffers are off, as for any stream of events; so are logs and limits. */
export function nginxConfig(port: number, engine: string, folder: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events { worker_connections 8192; }
http {
${places.join("\n")}
  access_log off;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  upstream engine {
    server ${new URL(engine).host};
    keepalive 1024;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://engine;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`;
}
