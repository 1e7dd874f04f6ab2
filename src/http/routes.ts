/** Every path the router answers: methods, path, and who answers. A new one is a new row. */

import { INFERENCE } from "../dialects/endpoints.ts";
import { PULL, PUSH } from "../dialects/model-endpoints.ts";
import { account, cloudStatus } from "./account.ts";
import { listAliases, removeAlias, setAlias } from "./aliases.ts";
import { headBlob, postBlob } from "./blobs.ts";
import { copy } from "./copy.ts";
import { create } from "./create.ts";
import { drainBackend, resumeBackend } from "./drain.ts";
import { resolveName } from "./explain.ts";
import { root, version } from "./identity.ts";
import { inference } from "./inference.ts";
import { model, models, ps, tags } from "./lists.ts";
import { loadModel, unloadModel } from "./memory.ts";
import { reload } from "./reload.ts";
import { remove } from "./remove.ts";
import type { Route } from "./router.ts";
import { show } from "./show.ts";
import { healthz, readyz, status } from "./state.ts";
import { pullTo, transfer } from "./transfer.ts";

export const ROUTES: readonly Route[] = [
  // who is there
  [["HEAD", "GET"], "/", root],
  [["HEAD", "GET"], "/api", root],
  [["HEAD", "GET"], "/api/version", version],
  [["GET"], "/api/status", cloudStatus],

  // what is there
  [["HEAD", "GET"], "/api/tags", tags],
  [["GET"], "/api/ps", ps],
  [["POST"], "/api/show", show],
  [["GET"], "/v1/models", models],
  [["GET"], "/v1/models/*", model],

  // asking a model
  ...INFERENCE.map((endpoint): Route => [["POST"], endpoint.path, inference(endpoint)]),

  // names that can be changed while it runs
  ...["/api/aliases", "/api/experimental/aliases"].flatMap((path): Route[] => [
    [["GET"], path, listAliases],
    [["POST"], path, setAlias],
    [["DELETE"], path, removeAlias],
  ]),

  // managing models
  [["POST"], "/api/pull", transfer(PULL)],
  [["POST"], "/api/push", transfer(PUSH)],
  [["POST"], "/api/create", create],
  [["POST"], "/api/copy", copy],
  [["DELETE"], "/api/delete", remove],
  [["HEAD"], "/api/blobs/*", headBlob],
  [["POST"], "/api/blobs/*", postBlob],

  // the account and cloud of an Ollama
  [["POST"], "/api/me", account],
  [["POST"], "/api/signout", account],
  [["POST"], "/api/experimental/web_search", account],
  [["POST"], "/api/experimental/web_fetch", account],
  [["GET"], "/api/experimental/model-recommendations", account],

  // the router itself
  [["HEAD", "GET"], "/healthz", healthz],
  [["HEAD", "GET"], "/readyz", readyz],
  [["GET"], "/mellamo/status", status],
  [["GET"], "/mellamo/resolve", resolveName],
  [["POST"], "/mellamo/reload", reload],
  [["POST"], "/mellamo/backends/*/drain", drainBackend],
  [["POST"], "/mellamo/backends/*/resume", resumeBackend],
  [["POST"], "/mellamo/backends/*/load", loadModel],
  [["POST"], "/mellamo/backends/*/unload", unloadModel],
  [["POST"], "/mellamo/backends/*/pull", pullTo],
];
