/** The paths of calls about models rather than to them: they have answers of their own, and are never repeated. */

import { quoted } from "../domain/problem.ts";
import { type Endpoint, invalid, ollama, openai, plain, required, tagged } from "./endpoint.ts";

export const SHOW: Endpoint = {
  path: "/api/show",
  ...ollama,
  request: "ShowRequest",
  missing: required,
  unknown: tagged,
};
export const PULL: Endpoint = {
  path: "/api/pull",
  ...ollama,
  request: "PullRequest",
  missing: invalid,
  unknown: plain,
};
export const PUSH: Endpoint = {
  path: "/api/push",
  ...ollama,
  request: "PushRequest",
  missing: required,
  unknown: plain,
};
export const CREATE: Endpoint = {
  path: "/api/create",
  ...ollama,
  request: "CreateRequest",
  missing: invalid,
  unknown: plain,
};
export const DELETE: Endpoint = {
  path: "/api/delete",
  ...ollama,
  request: "DeleteRequest",
  missing: required,
  unknown: plain,
};
export const COPY: Endpoint = {
  path: "/api/copy",
  ...ollama,
  keys: ["source"],
  request: "CopyRequest",
  missing: { problem: "bad request", text: 'source "" is invalid' },
  unknown: (name) => `model ${JSON.stringify(quoted(name))} not found`,
};
/** `GET /v1/models/{id}`, whose name is in the path. */
export const MODEL: Endpoint = {
  path: "/v1/models",
  ...openai,
  request: "",
  missing: required,
  unknown: tagged,
};
